/** The report as every writer reads it: what was found, what became of it, what a person does now. No writer counts or words anything by itself. */
import { PASSWORD_GRANT, SOAP_LOGIN } from '../../../analysis/vocabulary/lifecycle';
import { STATES, type ReportEntry, type State, type TokenFlow, type TransformOptions } from '../../report';
import { summarise } from '../print';
import type { Command } from '../project';
import type { Finding } from '../file-result';
import type { RunResult, Totals } from '../result';
import { nextSteps, type Step } from '../steps';

/** How a run was asked for. */
export interface Asked {
  command: 'migrate' | 'check';
  version: string;
  options: Readonly<Record<string, unknown>> & TransformOptions & { dry?: boolean };
  /** The day of the run, UTC. */
  today: Date;
}

/** Something that Salesforce ends, and how many open findings are on it. */
export interface Deadline {
  what: string;
  /** In Salesforce's words: a release, not a day. */
  endsIn: string;
  announced: string;
  /** A day that others report, and Salesforce has not confirmed. */
  reported: { day: string; source: string; daysLeft: number };
  findings: number;
}

/** The way of one or more tokens. */
export interface Flow extends TokenFlow {
  /** `renewed` by the client itself; `ends` with the login that obtains it; `open`: fails once the session ends. */
  outlook: 'renewed' | 'ends' | 'open';
  tokens: number;
}

export interface ReportedFinding extends Finding {
  /** What stands there after the run. */
  now: string;
}

export interface ReportedFile {
  path: string;
  /** That of its finding that needs a person most. */
  state: State;
  findings: ReportedFinding[];
}

export interface Report extends Omit<RunResult, 'entries'> {
  tool: 'salesforce-auth';
  version: string;
  command: 'migrate' | 'check';
  options: Readonly<Record<string, unknown>>;
  asOf: string;
  summary: string;
  /** What each state is called in this run. */
  labels: Record<State, string>;
  /** Files with findings, by state: each counts once. */
  integrations: Totals;
  deadlines: Deadline[];
  flows: Flow[];
  steps: Step[];
  entries: ReportedFinding[];
}

export function reportOf({ commands: _, ...result }: RunResult & { commands?: Command[] }, { command, version, options, today }: Asked): Report {
  const dry = options.dry === true || command === 'check';
  const entries = result.entries.map((entry): ReportedFinding => ({ ...entry, now: nowOf(entry, command, dry) }));
  const files = filesOf(entries);
  const states = Object.fromEntries(STATES.map((state) => [state, files.filter((file) => file.state === state).length])) as Record<State, number>;
  return {
    tool: 'salesforce-auth',
    version,
    command,
    options,
    asOf: today.toISOString().slice(0, 10),
    summary: summarise(result, dry),
    labels: labelsOf(command, dry),
    ...result,
    integrations: { findings: files.length, ...states },
    deadlines: deadlinesOf(entries, dry, today),
    flows: flowsOf(entries, dry),
    steps: nextSteps(result, options),
    entries,
  };
}

function labelsOf(command: Asked['command'], dry: boolean): Record<State, string> {
  return {
    migrated: dry ? 'to be migrated' : 'migrated',
    marked: command === 'migrate' && dry ? 'to be marked for a person' : 'marked for a person',
    left: command === 'check' ? 'found' : 'left as it is',
    'already-safe': 'already safe',
  };
}

function nowOf({ state, reason }: ReportEntry, command: Asked['command'], dry: boolean): string {
  if (command === 'check') return state === 'marked' ? 'a marker stands there' : 'unchanged';
  if (state === 'migrated') return dry ? `unchanged (dry run); would be: ${reason}` : reason;
  if (state === 'already-safe') return reason;
  if (state === 'marked' && !dry) return `unchanged, with a marker: ${reason}`;
  return `unchanged: ${reason}`;
}

/** Most urgent first. */
const URGENCY: readonly State[] = ['marked', 'left', 'migrated', 'already-safe'];

export function filesOf(entries: readonly ReportedFinding[]): ReportedFile[] {
  const byPath = new Map<string, ReportedFinding[]>();
  for (const entry of entries) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  return [...byPath].map(([path, findings]) => ({ path, findings, state: URGENCY.find((state) => findings.some((finding) => finding.state === state))! }));
}

/** Does the finding still stand in the code after the run? */
export function isOpen({ state }: ReportEntry, dry: boolean): boolean {
  return state === 'marked' || state === 'left' || (state === 'migrated' && dry);
}

const ENDING = [
  { rule: 'no-password-grant', what: 'OAuth username-password flow', ...PASSWORD_GRANT },
  { rule: 'no-soap-login', what: 'SOAP login()', ...SOAP_LOGIN },
] as const;

const DAY = 24 * 60 * 60 * 1000;

function deadlinesOf(entries: readonly ReportEntry[], dry: boolean, today: Date): Deadline[] {
  return ENDING.flatMap(({ rule, what, endsIn, announced, reported }) => {
    const findings = entries.filter((entry) => entry.rule === rule && isOpen(entry, dry)).length;
    if (findings === 0) return [];
    // From the start of the day: the same answer all day.
    const daysLeft = Math.round((Date.parse(reported.day) - Date.parse(today.toISOString().slice(0, 10))) / DAY);
    return [{ what, endsIn, announced, reported: { ...reported, daysLeft }, findings }];
  });
}

const ENDING_RULES = new Set<string>(ENDING.map(({ rule }) => rule));
const OUTLOOKS: readonly Flow['outlook'][] = ['open', 'ends', 'renewed'];

function flowsOf(entries: readonly ReportEntry[], dry: boolean): Flow[] {
  const flows = new Map<string, Flow>();
  for (const entry of entries) {
    if (!entry.flow) continue;
    const now = flowNow(entry, entry.flow, dry);
    const key = JSON.stringify(now);
    const flow = flows.get(key) ?? { ...now, tokens: 0 };
    flow.tokens++;
    flows.set(key, flow);
  }
  return [...flows.values()].sort((a, b) => OUTLOOKS.indexOf(a.outlook) - OUTLOOKS.indexOf(b.outlook) || b.tokens - a.tokens);
}

function flowNow(entry: ReportEntry, { obtained, used, handled }: TokenFlow, dry: boolean): Omit<Flow, 'tokens'> {
  if (!isOpen(entry, dry)) return { obtained: 'OAuth', used, handled: 'salesforce-auth-client', outlook: 'renewed' };
  return { obtained, used, handled, outlook: ENDING_RULES.has(entry.rule) ? 'ends' : 'open' };
}

/** How far the end of something is, with who says so. */
export function daysLeft({ reported: { day, daysLeft: days } }: Deadline, asOf: string): string {
  const left = days < 0 ? `${-days} days ago` : `${days} days left`;
  return `${left} on ${asOf}, counted to ${day}: a day that others report and Salesforce has not confirmed`;
}
