import { IDLE_RISK_DAYS } from '../idle';
import { STOP_AT_REQUESTS, WARN_AT_REQUESTS } from '../limits';
import type { EventSummary } from './event-log';
import type { Probe } from './probe';
import type { Found, RecordFacts } from './store-facts';

/** `org`: only the org can tell, and `where` says where. */
export type Mark = 'ok' | 'look' | 'problem' | 'org';

/** A place in Setup, and the page about it. */
interface Place {
  readonly setup: string;
  readonly url: string;
}

export interface Check {
  readonly name: string;
  readonly mark: Mark;
  /** The evidence, and the next step. */
  readonly says: string;
  readonly where: readonly Place[];
}

/** What was found out. */
export interface Evidence {
  readonly flow: string;
  /** The user that the environment names. */
  readonly username?: string;
  /** Does the environment have a refresh token, so that the store need not? */
  readonly hasRefreshToken: boolean;
  readonly probe: Probe;
  /** Absent where no folder is named. */
  readonly found?: Found;
  readonly facts?: RecordFacts;
  /** The stored refusal, as the program's error puts it. */
  readonly refusal?: { readonly text: string; readonly isOfThisCredential: boolean };
  readonly events?: EventSummary;
  readonly now: number;
}

const PLACES = {
  session: {
    setup: 'Session Settings (and Session Settings of the profile)',
    url: 'https://developer.salesforce.com/docs/atlas.en-us.208.0.securityImplGuide.meta/securityImplGuide/admin_sessions.htm',
  },
  app: {
    setup: "the app's OAuth policies: session timeout, refresh token policy, IP relaxation, permitted users",
    url: 'https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.connected_app_manage_oauth.htm',
  },
  history: {
    setup: "Login History: the user's logins with status and source IP",
    url: 'https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-loginhistory.html',
  },
  user: { setup: 'Users: Active, Freeze/Unfreeze', url: 'https://help.salesforce.com/s/articleView?id=platform.users_freeze.htm&type=5' },
  usage: {
    setup: 'Connected Apps OAuth Usage: is the app blocked, was the user revoked?',
    url: 'https://help.salesforce.com/s/articleView?id=xcloud.connected_app_manage.htm&type=5',
  },
  network: {
    setup: 'Network Access, and Login IP Ranges of the profile',
    url: 'https://developer.salesforce.com/docs/atlas.en-us.194.0.api_meta.meta/api_meta/meta_securitysettings.htm',
  },
} satisfies Record<string, Place>;

/** Further off than this, and an assertion is born expired: runtime/grants.ts signs them for three minutes. */
const SKEW_MS = 60_000;
const DAY_MS = 86_400_000;
/** No session policy is shorter: https://developer.salesforce.com/docs/atlas.en-us.210.0.api_meta.meta/api_meta/meta_profilesessionsetting.htm */
const SHORTEST_SESSION_MS = 15 * 60_000;
/** Longer than any token request lasts. */
const IN_FLIGHT_MS = 60_000;

/** The default of maxRefreshesPerMinute: runtime/auth.ts */
const STORM = 5;

export function checksOf(evidence: Evidence): Check[] {
  return [connection, clock, session, user, grant, address, store, lock, limits].flatMap((check) => check(evidence));
}

function connection({ probe }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'connection', mark, says, where: [] });
  const { host, status, said } = probe;
  if (probe.answer === 'unreachable') return made('problem', `${host} gives no answer (${said}): check SALESFORCE_LOGIN_URL, DNS, proxy and firewall`);
  if (probe.answer === 'busy') return made('look', `${host} answered ${status}${said ? ` (${said})` : ''}: no answer of an org that is well`);
  return made('ok', `${host} answers`);
}

function clock({ probe: { skewMs } }: Evidence): Check[] {
  if (skewMs === undefined) return [];
  const made = (mark: Mark, says: string) => [{ name: 'clock', mark, says, where: [] }];
  if (skewMs === 0) return made('ok', "this machine's clock agrees with Salesforce's within two seconds");
  const off = `this machine's clock is ${age(Math.abs(skewMs))} ${skewMs > 0 ? 'behind' : 'ahead of'} Salesforce's`;
  return made(Math.abs(skewMs) < SKEW_MS ? 'ok' : 'look', `${off}; the runtime allows for it, other programs may not: set the clock`);
}

/** Time since the last good call, against the session policy. */
function session({ probe, facts, events, now }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'session', mark, says, where: [PLACES.session, PLACES.app] });
  const last = events?.lastToken ? `; the log has the last token ${age(now - events.lastToken)} ago` : '';
  // https://developer.salesforce.com/docs/atlas.en-us.256.0.api.meta/api/sforce_api_concepts_errorhandling.htm
  const policy = 'how long a session may idle only the org knows (15 minutes to 24 hours, by default two)';
  const token = facts && `the access token of ${age(facts.tokenAgeMs)} ago`;
  if (probe.answer === 'accepted') return made('ok', `${token} is accepted now${last}; ${policy}`);
  if (probe.answer === 'rejected') {
    const isYoung = facts && facts.tokenAgeMs < SHORTEST_SESSION_MS && facts.expiresInMs === undefined;
    const why = isYoung
      ? 'it is too young to have idled away, so that something ended it: a logout(), a revocation, a change of the user, another address'
      : 'it idled for too long, or something ended it';
    const next = facts?.refused ? 'nothing renews it: see grant' : 'the next call renews it';
    return made('look', `${token} is not accepted any more: ${why}; ${next}${last}; ${policy}`);
  }
  if (probe.answer === 'forbidden') return made('ok', `${token} is known to Salesforce, which refuses the call: see user and address${last}`);
  const why = probe.with === 'token' ? 'Salesforce did not judge the token' : facts ? 'the store holds no access token' : 'there is no token to ask with';
  return made('org', `${why}${last}; ${policy}`);
}

/** Was the user changed, deactivated or frozen? */
function user({ probe, username, refusal, flow }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'user', mark, says, where: [PLACES.user, PLACES.history] });
  if (probe.answer === 'accepted') {
    const name = probe.username ?? 'the user';
    if (probe.active === false) return made('problem', `${name} is not active`);
    // With client credentials the app decides.
    if (flow !== 'client-credentials' && username && probe.username && username.toLowerCase() !== probe.username.toLowerCase()) {
      return made('problem', `the stored token belongs to ${probe.username}, and SALESFORCE_USERNAME is ${username}`);
    }
    return made('ok', `${name} is let in now`);
  }
  if (probe.answer === 'forbidden') return made('problem', forbidden(probe));
  if (refusal?.isOfThisCredential && /inactive.user/i.test(refusal.text)) return made('problem', refusal.text);
  return made('org', 'a user who was frozen, deactivated or whose password changed looks from here like any other dead session');
}

/** Was the authorisation revoked, rotated away or left unused? */
function grant({ facts, refusal, events, flow, hasRefreshToken, found, probe, now }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'grant', mark, says, where: [PLACES.usage, PLACES.app] });
  if (refusal && facts?.refused) {
    const when = `${age(facts.refused.ageMs)} ago`;
    if (refusal.isOfThisCredential) return made('problem', `refused ${when}, and not asked for since: ${refusal.text}`);
    return made('look', `the credential before this one was refused ${when} (${facts.refused.oauthError}): the next call tries the new one`);
  }
  const { lastReject, lastToken = 0 } = events ?? {};
  const tokenAt = Math.max(lastToken, facts ? now - facts.tokenAgeMs : 0);
  if (lastReject && lastReject.at > tokenAt) {
    return made('problem', `the log has a refusal ${age(now - lastReject.at)} ago (${lastReject.code}, ${lastReject.oauthError}), and no token since`);
  }
  if (facts?.unanswered) {
    const { requests, ageMs } = facts.unanswered;
    if (ageMs < IN_FLIGHT_MS && found?.lock.state === 'held') return made('ok', 'a token request is on its way');
    return made(
      'look',
      `${count(requests, 'token request')} with the stored refresh token got no answer, the last ${age(ageMs)} ago: where refresh tokens ` +
        'rotate, it may be used up. The next call finds out',
    );
  }
  if (flow === 'refresh-token' && found && !found.problem && !facts?.hasRefreshToken && !hasRefreshToken) {
    return made('problem', 'there is no refresh token, neither stored nor in the environment: get one with `salesforce-auth login`');
  }
  if (flow === 'refresh-token' && facts && facts.tokenAgeMs > IDLE_RISK_DAYS * DAY_MS) {
    return made('look', `the refresh token was last used ${age(facts.tokenAgeMs)} ago: a policy may take it away after 30 idle days`);
  }
  const sign = 'nothing here says that it was refused or revoked; whether it still is good shows when it is used, and this command does not use it';
  return made(probe.answer === 'accepted' ? 'ok' : 'org', sign);
}

/** Did the source IP move? */
function address({ probe }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'address', mark, says, where: [PLACES.history, PLACES.network, PLACES.session, PLACES.app] });
  if (probe.answer === 'accepted') return made('ok', "calls from this machine's address are let in; look from where the program runs");
  if (probe.answer === 'forbidden') return made('problem', forbidden(probe));
  return made('org', 'a session that is locked to another address, or an address outside the ranges, looks from here like any other dead session');
}

function forbidden({ status, said }: Probe): string {
  return `Salesforce knows the token and refuses the call (${status}${said ? `, ${said}` : ''}): the user's permissions, or this machine's address, which cannot be told apart from here`;
}

function store({ found, facts, events, now }: Evidence): Check {
  const made = (mark: Mark, says: string) => ({ name: 'store', mark, says, where: [] });
  if (!found) {
    return made('look', 'no --store and no SALESFORCE_TOKEN_FOLDER: a program that keeps its tokens in memory or in Redis has them where this command cannot look');
  }
  if (found.problem) return made('problem', found.problem);
  const failure = events?.lastPersistFailure;
  if (failure && failure.at > (events?.lastToken ?? 0)) {
    return made('problem', `the log has a token that the store did not take ${age(now - failure.at)} ago (${failure.code}), and none since`);
  }
  if (!facts) return made('look', `${found.file} does not exist: nothing is stored for this flow, login URL, client id and user name`);
  const says = [
    `generation ${facts.generation}${facts.tokenGeneration === facts.generation ? '' : `, its token of generation ${facts.tokenGeneration}`}`,
    `${facts.hasAccessToken ? 'token got' : 'no access token, the last one got'} ${age(facts.tokenAgeMs)} ago`,
    `record changed ${age(Date.now() - (found.changedAt ?? Date.now()))} ago`,
    facts.expiresInMs === undefined ? 'expiry not known' : facts.expiresInMs > 0 ? `expires in ${age(facts.expiresInMs)}` : `expired ${age(-facts.expiresInMs)} ago`,
    found.file,
  ].join('; ');
  return found.isOpenToOthers ? made('look', `${says}; other users of this machine may read the file: chmod 600`) : made('ok', says);
}

function lock({ found, events }: Evidence): Check[] {
  if (!found) return [];
  const made = (mark: Mark, says: string) => [{ name: 'lock', mark, says, where: [] }];
  const waits = events?.lockWaits ? `; the log has ${count(events.lockWaits, 'wait')} for it, the longest ${age(events.longestLockWaitMs ?? 0)}` : '';
  const { state, ageMs = 0 } = found.lock;
  if (state === 'left behind') return made('look', `left behind ${age(ageMs)} ago by a process that died: the next one takes it over${waits}`);
  return made('ok', `${state === 'held' ? `held, renewed ${age(ageMs)} ago: a process is getting a token` : 'free'}${waits}`);
}

/** https://help.salesforce.com/s/articleView?id=000381578&type=1 */
function limits({ facts, events, now }: Evidence): Check[] {
  if (!facts && !events) return [];
  const made = (mark: Mark, says: string) => [{ name: 'limits', mark, says, where: mark === 'ok' ? [] : [PLACES.history] }];
  if (facts?.coolDownMs) return made('problem', `too many logins: no token request for another ${age(facts.coolDownMs)}. Find out what asks for so many`);
  if (facts && facts.refreshesLastMinute >= STORM) {
    return made('problem', `${facts.refreshesLastMinute} refreshes within the last minute: something ends every new session. Look for a logout() in the code`);
  }
  const counted = facts ? `${count(facts.requestsLastHour, 'token request')} in the last hour; Salesforce stops at 3,600, the runtime at 3,000` : undefined;
  if (facts && facts.requestsLastHour >= WARN_AT_REQUESTS) {
    return made(facts.requestsLastHour >= STOP_AT_REQUESTS ? 'problem' : 'look', `${counted}. Find out what asks for so many`);
  }
  const storms = events && events.storms > 0 ? `the log has ${count(events.storms, 'refresh storm')}, the last ${age(now - (events.lastStorm ?? 0))} ago` : undefined;
  const says = [counted, storms].filter(Boolean).join('; ');
  return says ? made(storms ? 'look' : 'ok', says) : [];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** A length of time in its two largest units. */
function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, amount]) => amount > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(' ');
}
