/** What a person does after a run, apart from single findings. */
import type { TransformOptions } from '../report';
import type { RunResult } from './result';

export interface Step {
  title: string;
  lines: readonly string[];
}

export function nextSteps({ install, env, envExamples, format }: RunResult, { flow, dry = false }: TransformOptions & { dry?: boolean }): Step[] {
  const steps: Step[] = [
    { title: 'Change the dependencies:', lines: install },
    { title: 'Set these environment variables:', lines: env },
    { title: `Their names ${dry ? 'would be' : 'are'} listed in:`, lines: envExamples },
    // Only what logs in needs an app.
    { title: 'In the Salesforce org:', lines: env.includes('SALESFORCE_CLIENT_ID') ? inTheOrg(flow) : [] },
    { title: 'Format what changed:', lines: format },
  ];
  return steps.filter(({ lines }) => lines.length > 0);
}

function inTheOrg(flow: TransformOptions['flow']): string[] {
  const create = 'Create an External Client App (Setup, External Client App Manager) with OAuth enabled and the scope "Manage user data via APIs (api)".';
  if (flow === 'client-credentials') {
    return [create, 'Enable the client credentials flow in the app and choose the run-as user: every call will run as that user.'];
  }
  return [
    create,
    'Enable the JWT bearer flow in the app and upload the certificate (RSA, 2048 bits or more) that belongs to the program\'s private key.',
    'Pre-authorise the user: set the app\'s policy to "Admin approved users are pre-authorized" and assign a permission set or profile that the user has.',
  ];
}
