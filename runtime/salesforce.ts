import { SalesforceAuth } from './auth';
import { salesforceAuthFromEnv } from './env';

let held: SalesforceAuth | undefined;

/** What a SalesforceAuth has beside its methods. */
const PROPERTIES = new Set<PropertyKey>(['fetch', 'loginUrl']);
const methods = SalesforceAuth.prototype as object;

/**
 * The identity that the environment describes, as {@link salesforceAuthFromEnv} gives it, but made when it is first used: modules
 * may hold it before the environment is complete, and a variable that is missing or wrong shows at the first call.
 *
 * `import { salesforce } from 'salesforce-auth-client'; await salesforce.fetch('/services/data/v62.0/limits')`
 */
export const salesforce: SalesforceAuth = new Proxy(Object.create(methods) as SalesforceAuth, {
  get(target, key) {
    if (!PROPERTIES.has(key) && (key === 'constructor' || !Object.hasOwn(methods, key))) return Reflect.get(target, key) as unknown;
    if (!held || held.isClosed) held = salesforceAuthFromEnv();
    const value = Reflect.get(held, key, held) as unknown;
    return typeof value === 'function' ? (value.bind(held) as unknown) : value;
  },
});
