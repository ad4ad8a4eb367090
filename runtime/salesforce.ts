import { SalesforceAuth } from './auth';
import type { AuthFetch } from './bodies';
import { salesforceAuthFromEnv } from './env';

let held: SalesforceAuth | undefined;

const methods = SalesforceAuth.prototype as object;

function current(): SalesforceAuth {
  if (!held || held.isClosed) held = salesforceAuthFromEnv();
  return held;
}

/** Handed on before the environment is complete, as a client's option for example, it reads it no earlier than at its first call. */
const fetchLater: AuthFetch = async (input, init) => current().fetch(input, init);

/**
 * The identity that the environment describes, as {@link salesforceAuthFromEnv} gives it, but made when it is first used: modules
 * may hold it before the environment is complete, and a variable that is missing or wrong shows at the first call.
 *
 * `import { salesforce } from 'salesforce-auth-client'; await salesforce.fetch('/services/data/v62.0/limits')`
 */
export const salesforce: SalesforceAuth = new Proxy(Object.create(methods) as SalesforceAuth, {
  get(target, key) {
    if (key === 'fetch') return fetchLater;
    if (key !== 'loginUrl' && (key === 'constructor' || !Object.hasOwn(methods, key))) return Reflect.get(target, key) as unknown;
    const auth = current();
    const value = Reflect.get(auth, key, auth) as unknown;
    return typeof value === 'function' ? (value.bind(auth) as unknown) : value;
  },
});
