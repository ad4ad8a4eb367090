/** node-soap (and its like) on Salesforce's partner or enterprise WSDL: `client.login({ username, password })`. */
import type { FileModel } from '../file';
import { mentionsSalesforce } from '../salesforce';
import { SOAP_CLIENTS } from '../vocabulary/libraries';
import type { Client } from './client';

export const nodeSoap: Client = {
  name: 'node-soap',
  *logins(file) {
    if (!isSoapFile(file) || !mentionsSalesforce(file)) return;
    for (const call of file.methodCalls.named('login', 'loginAsync', 'loginPromise')) {
      const [message, callback] = call.arguments;
      if (!message || message.type === 'SpreadElement') continue;
      const username = file.values.property(message, 'username')?.[0];
      const password = file.values.property(message, 'password')?.[0];
      if (!username || !password) continue;
      yield {
        kind: 'soap-login',
        library: 'node-soap',
        node: call,
        call,
        connection: call.callee.object,
        confidence: 'proof',
        username: username.node,
        password: password.node,
        ...(callback && { callback }),
      };
    }
  },
};

function isSoapFile(file: FileModel): boolean {
  if ([...file.modules].some((module) => SOAP_CLIENTS.has(module))) return true;
  return [...file.members.named('createClient'), ...file.members.named('createClientAsync')].some((member) => /soap|wsdl/i.test(file.source.getText(member.parent)));
}
