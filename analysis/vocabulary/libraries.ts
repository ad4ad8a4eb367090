/** The libraries that talk to Salesforce, by the module names their users import. */

/** jsforce and what behaves like it: `Connection`, `OAuth2`, `conn.login`. */
export type JsforceFlavour = 'jsforce' | '@jsforce/jsforce-node' | '@salesforce/core' | 'node-salesforce';

/** Also where it was put with a path: `../layer/node_modules/jsforce`. */
const JSFORCE = /^(?:[./].*\/node_modules\/)?(jsforce|@jsforce\/jsforce-node|@salesforce\/core|node-salesforce)(?:$|\/)/;

/** Which jsforce a module name means; undefined for every other module. */
export function jsforceFlavour(module: string): JsforceFlavour | undefined {
  return JSFORCE.exec(module)?.[1] as JsforceFlavour | undefined;
}

/** The API version that a library uses unless told, where Salesforce has retired it. */
export const DEFAULT_API_VERSION: Partial<Record<JsforceFlavour, number>> = { 'node-salesforce': 29 };

export const NFORCE = new Set(['nforce', 'nforce8']);
export const SOAP_CLIENTS = new Set(['soap', 'strong-soap', 'soap-ntlm', 'easysoap']);
/** Minimal clients whose `soapLogin({ username, password })` is SOAP login(). */
export const SOAP_LOGIN_CLIENTS = new Set(['node-salesforce-connection']);
export const PUBSUB_CLIENTS = new Set(['salesforce-pubsub-api-client']);

/** The module that migrated code calls. */
export const RUNTIME_MODULE = 'salesforce-auth-client';

/** Is this a file of the same program, rather than an installed package? */
export function isLocalModule(module: string): boolean {
  return /^(?:\.|\/|[@~]\/|#)/.test(module);
}
