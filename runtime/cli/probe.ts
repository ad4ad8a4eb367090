import type { ServerClock } from '../clock';
import { isLoopback } from '../hosts';
import { jsonObject } from '../json';
import { judge } from '../peek';
import type { Redactor } from '../redact';
import { isActive, type TokenRecord } from '../stores/store';
import { timeoutSignal } from '../timeout';
import { printable } from './surroundings';

const TIMEOUT_MS = 10_000;

/** What one request told. */
export interface Probe {
  /** Asked with the stored access token, or without any. */
  readonly with: 'token' | 'nothing';
  readonly host: string;
  /**
   * `accepted`, `rejected` (the session is gone), `forbidden` (the session is known and the call refused): answers to the token.
   * `answered`: without one. `busy`: a limit or an outage. `unreachable`: no answer.
   */
  readonly answer: 'accepted' | 'rejected' | 'forbidden' | 'answered' | 'busy' | 'unreachable';
  readonly status?: number;
  /** What the answer, or the network, said. */
  readonly said?: string;
  /** Milliseconds that Salesforce's clock is ahead of ours; 0 below two seconds. Absent where it did not say the time. */
  readonly skewMs?: number;
  readonly username?: string;
  /** Is the user active? */
  readonly active?: boolean;
}

/**
 * Asks Salesforce once: who am I, with the stored access token; or, without one, whether it is there. Spends no credential.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm
 */
export async function probe(
  record: TokenRecord | undefined,
  loginUrl: string,
  { clock, redactor, stop }: { clock: ServerClock; redactor: Redactor; stop?: AbortSignal },
): Promise<Probe> {
  const token = record && isActive(record) && isSafe(record.instanceUrl) ? record : undefined;
  const url = new URL(token ? '/services/oauth2/userinfo' : '/', token?.instanceUrl ?? loginUrl);
  const about = { with: token ? 'token' : 'nothing', host: url.host } as const;
  const sentAt = clock.now();
  let response: Response;
  try {
    // Whether the token is rejected is the question; renewing it is the program's.
    // eslint-disable-next-line salesforce-auth/require-401-handling
    response = await fetch(url, {
      method: token ? 'GET' : 'HEAD',
      ...(token && { headers: { authorization: `Bearer ${token.accessToken}` } }),
      redirect: 'manual',
      signal: AbortSignal.any([timeoutSignal(TIMEOUT_MS), ...(stop ? [stop] : [])]),
    });
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { code?: unknown } };
    return { ...about, answer: 'unreachable', said: typeof cause?.code === 'string' ? cause.code : name };
  }
  const date = response.headers.get('date');
  clock.learn(date, sentAt);
  const answered = { ...about, status: response.status, ...(date !== null && { skewMs: Math.round(clock.server() - clock.now()) }) };
  if (!token) return { ...answered, answer: response.status >= 500 ? 'busy' : 'answered' };

  const { verdict } = await judge(response, 'identity');
  const body = await response.text().catch(() => '');
  const claims = response.status === 200 ? jsonObject(body) : undefined;
  if (claims) {
    const { preferred_username: username, active } = claims;
    return { ...answered, answer: 'accepted', ...(typeof username === 'string' && { username }), ...(typeof active === 'boolean' && { active }) };
  }
  const said = printable(redactor.scrub(body)).trim().slice(0, 100);
  // What is left of `ok` is a redirect or a page: somebody between us and the org.
  const answer = { refresh: 'rejected', restream: 'rejected', stop: 'forbidden', backoff: 'busy', ok: 'busy' } as const;
  return { ...answered, answer: answer[verdict], ...(said && { said }) };
}

function isSafe(instanceUrl: string): boolean {
  const { protocol, hostname } = new URL(instanceUrl);
  return protocol === 'https:' || isLoopback(hostname);
}
