import { channel } from 'node:diagnostics_channel';
import { SalesforceAuthConfigError } from './errors';
import { outsideFlights } from './reentrancy';

/** Why a new token was asked for. */
export type RefreshReason = 'first' | 'expiring' | 'expired' | 'rejected' | 'keep-alive' | 'login';

/** What every event has. No event holds a secret, a user name or a client id. */
export interface SalesforceAuthEvent {
  /** Fingerprint of the identity: 8 hex digits, the same in every process with the same credential. */
  readonly identity: string;
  /** Number of the token it is about; 0 before the first. */
  readonly generation: number;
}

/**
 * The events of `auth.on(name, listener)`; each is also published on the diagnostics channel `salesforce-auth:<name>`.
 * All times are milliseconds; `until` is a local time of day, as Date.now() has it.
 */
export interface SalesforceAuthEvents {
  /** login() got a token. */
  login: SalesforceAuthEvent & { readonly instanceUrl: string };
  /** A token was renewed, or got for the first time, by this process. */
  refresh: SalesforceAuthEvent & { readonly instanceUrl: string };
  /** A token request is about to be sent; `generation` is the token to be replaced. */
  'refresh.start': SalesforceAuthEvent & { readonly reason: RefreshReason; readonly attempt: number };
  /** It was answered, or failed: then with the `code` of the error. */
  'refresh.end': SalesforceAuthEvent & {
    readonly reason: RefreshReason;
    readonly attempt: number;
    readonly durationMs: number;
    readonly code?: string;
  };
  /** Another holder of the store had got a newer token, which is used from now. */
  adopt: SalesforceAuthEvent & { readonly instanceUrl: string };
  /** The new token is for another instance: calls built from the old URL go to the new one. */
  instance_changed: SalesforceAuthEvent & { readonly from: string; readonly to: string };
  /** The credential was refused, now or before: no token request until it changes, or `until` has passed. */
  reject: SalesforceAuthEvent & { readonly code: string; readonly oauthError: string; readonly until?: number };
  /** The store's lock was got. */
  'lock.wait': SalesforceAuthEvent & { readonly durationMs: number };
  /** A new token was granted and the store did not take it. */
  persist_failed: SalesforceAuthEvent & { readonly attempt: number; readonly code: string };
  /** Too many refreshes in a minute: none `until` then, or until a login(). */
  storm: SalesforceAuthEvent & { readonly refreshes: number; readonly until: number };
  /** Many token requests in the last hour; with `until`, too many. */
  login_rate: SalesforceAuthEvent & { readonly requests: number; readonly until?: number };
  /** The refresh token was not used for so long that it may soon be taken away. */
  idle_risk: SalesforceAuthEvent & { readonly idleDays: number };
}

export type SalesforceAuthEventName = keyof SalesforceAuthEvents;

type Listener<Name extends SalesforceAuthEventName> = (event: SalesforceAuthEvents[Name]) => void;

const names = [
  'login', 'refresh', 'refresh.start', 'refresh.end', 'adopt', 'instance_changed', 'reject', 'lock.wait', 'persist_failed', 'storm', 'login_rate', 'idle_risk',
] as const satisfies readonly SalesforceAuthEventName[];

const channels = new Map(names.map((name) => [name as SalesforceAuthEventName, channel(`salesforce-auth:${name}`)]));

/** Is there an event of this name? */
export function isEvent(name: unknown): name is SalesforceAuthEventName {
  return channels.has(name as SalesforceAuthEventName);
}

/** One identity's events: to its own listeners, and to whoever listens to the process's diagnostics channels. */
export class AuthEvents {
  readonly #identity: string;
  readonly #listeners = new Map<SalesforceAuthEventName, Set<Listener<never>>>();

  constructor(identity: string) {
    this.#identity = identity;
  }

  on<Name extends SalesforceAuthEventName>(name: Name, listener: Listener<Name>): void {
    if (!isEvent(name)) throw new SalesforceAuthConfigError('event', `must be one of ${names.join(', ')}`);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  emit<Name extends SalesforceAuthEventName>(name: Name, details: Omit<SalesforceAuthEvents[Name], 'identity'>): void {
    const event = Object.freeze({ identity: this.#identity, ...details });
    // Not part of the request they hear of: a listener may call the very fetch it listens to.
    outsideFlights(() => {
      // On a later tick: what a listener throws concerns no call. Channels do the same by themselves.
      for (const listener of this.#listeners.get(name) ?? []) process.nextTick(listener, event);
      channels.get(name)?.publish(event);
    });
  }
}
