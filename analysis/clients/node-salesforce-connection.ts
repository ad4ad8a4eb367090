/** node-salesforce-connection: `sfConn.soapLogin({ username, password })`. */
import type { FileModel } from '../file';
import type { Value } from '../values';
import { SOAP_LOGIN_CLIENTS } from '../vocabulary/libraries';
import type { Client } from './client';

export const nodeSalesforceConnection: Client = {
  name: 'node-salesforce-connection',
  *logins(file) {
    for (const call of file.methodCalls.named('soapLogin')) {
      if (!file.values.of(call.callee.object).some(isConnection)) continue;
      yield { kind: 'soap-login', library: 'node-salesforce-connection', node: call, call, confidence: 'proof', ...credentials(file, call.arguments[0]) };
    }
  },
};

function isConnection(value: Value): boolean {
  return value.kind === 'instance' && value.of.kind === 'module' && SOAP_LOGIN_CLIENTS.has(value.of.module);
}

function credentials(file: FileModel, options: Parameters<FileModel['values']['property']>[0] | undefined) {
  const username = options && file.values.property(options, 'username')?.[0]?.node;
  const password = options && file.values.property(options, 'password')?.[0]?.node;
  return { ...(username && { username }), ...(password && { password }) };
}
