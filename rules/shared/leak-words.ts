import type { HeldSecret } from '../../analysis';

const HOLDERS: Record<NonNullable<HeldSecret['holder']>, string> = {
  connection: 'a connection',
  'OAuth2 client': 'an OAuth2 client',
  'token response': 'a token response',
  'HTTP response': 'the response to a token request',
  request: 'a request',
  'request error': 'a request error',
  'answered request': 'the response to a request',
  object: 'an object',
  environment: 'the whole environment',
  cookie: 'a cookie',
  'command output': "a command's output",
};

/** A secret as messages name it: its kind and what holds it, never its value. */
export function inWords({ kind, holder }: Pick<HeldSecret, 'kind' | 'holder'>): string {
  const named = `${/^(?:access|id|Authorization|SFDX)/.test(kind) ? 'an' : 'a'} ${kind}`;
  return holder ? `${HOLDERS[holder]} that holds ${named}` : named;
}
