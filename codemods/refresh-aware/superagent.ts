/** What superagent's requests may be used for, for a refresh-aware one to do the same. */
import type { FileModel, HttpCall } from '../../analysis';
import { nameOf } from '../../analysis/scope';

/** Steps that ask nothing of the request but to be sent, and sent again. */
const STEPS = new Set([
  'set', 'query', 'send', 'type', 'accept', 'auth', 'ok', 'buffer', 'parse', 'serialize', 'responseType', 'retry', 'timeout', 'redirects', 'sortQuery', 'withCredentials',
  'ca', 'cert', 'key', 'pfx', 'disableTLSCerts', 'trustLocalhost', 'http2', 'end', 'then', 'catch', 'finally', 'abort',
]);

/** What the code does with a request that a refresh-aware one does not; undefined where it does the same. */
export function beyondSuperagent(file: FileModel, { steps = [] }: HttpCall): string | undefined {
  const wrapper = [...file.modules].find((module) => /^superagent-/.test(module));
  if (wrapper) return `${wrapper} sends it`;
  const step = steps.map(({ callee }) => nameOf(callee) ?? 'a computed name').find((name) => !STEPS.has(name));
  return step && `${step}() is a step that a refresh-aware request does not have`;
}
