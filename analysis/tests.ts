/** Files whose values are made up, and compared with. */
import type { FileModel } from './file';

const TEST_CALLS = new Set(['describe', 'it', 'test', 'suite', 'context']);

/** Does a file call what test runners give it? */
export function isTest(file: FileModel): boolean {
  return file.all('CallExpression').some((call) => call.callee.type === 'Identifier' && TEST_CALLS.has(call.callee.name) && call.arguments.some((one) => /Function/.test(one.type)));
}
