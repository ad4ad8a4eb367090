/** Calls that write what they are given to where others read it. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, lastName, rootName } from '../calls';
import type { FileModel } from '../file';
import { nameOf, unwrap } from '../scope';
import type { Node } from '../source';
import { ALERTS, ANSWER_NAME, ANSWERS, BARE_LOGS, CHAT_NAME, CONSOLE, LOG_METHODS, LOGGER, MAKES_LOGGER, REPLIES, WRITES_ANSWER } from '../vocabulary/sinks';

export type Outlet = 'log' | 'response' | 'error' | 'screen' | 'chat';

export interface Sink {
  outlet: Outlet;
  /** The first argument that is written; 0 when left out. */
  from?: number;
  /** What is written is made a text first, as `alert(object)` does. */
  asText?: boolean;
}

/** Where a function writes to; undefined for all others. */
export function sinkOf(file: FileModel, fn: Node): Sink | undefined {
  const callee = unwrap(fn);
  if (callee.type === 'Identifier') {
    const { name } = callee;
    if (ALERTS.has(name)) return { outlet: 'screen', asText: name === 'alert' };
    if (name === 'say' || name === 'respond') return { outlet: 'chat' };
    return BARE_LOGS.has(name) || isMadeByDebug(file, callee) ? { outlet: 'log' } : undefined;
  }
  if (callee.type !== 'MemberExpression') return undefined;
  const method = nameOf(callee) ?? '';
  const receiver = unwrap(callee.object);
  const root = rootName(receiver) ?? '';
  if (root === 'console') return CONSOLE.has(method) ? { outlet: 'log' } : undefined;
  if (ALERTS.has(method) && (root === 'window' || root === 'vscode' || root === 'toast')) return { outlet: 'screen', asText: true };
  if (root === 'toast' || (root === 'document' && /^write(?:ln)?$/.test(method))) return { outlet: 'screen', asText: root === 'document' };
  const last = receiver.type === 'CallExpression' && !MAKES_LOGGER.has(calleeName(receiver)) ? calleeName(receiver) : receiver.type === 'MemberExpression' ? lastName(receiver) : root;
  if (method === 'write' && (last === 'stdout' || last === 'stderr')) return { outlet: 'log', asText: true };
  if (LOG_METHODS.has(method)) {
    if (LOGGER.test(last)) return { outlet: 'log' };
    if (/^log(?:Json|ToStderr|Info|Debug|Error)?$/.test(method) && /^(?:this|ux|cli|context|ctx|vorpal|logger|Logger|Meteor|cds)$/.test(last)) return { outlet: 'log' };
    if (/^(?:debug|styledJSON|styledObject|warn)$/.test(method) && last === 'this') return { outlet: 'log' };
    if (/^(?:info|warn|error|verbose)$/.test(method) && /^log$/.test(last)) return { outlet: 'log' };
  }
  if (WRITES_ANSWER.has(method) && isAnswer(receiver)) return { outlet: 'response', ...(method === 'render' && { from: 1 }) };
  if (REPLIES.has(method) && CHAT_NAME.test(last)) return { outlet: 'chat' };
  return undefined;
}

/** A logger that the file makes itself: what it does with an object shows in its own body. */
export function isOwnLogger(file: FileModel, fn: Node): boolean {
  return fn.type === 'Identifier' && file.values.of(fn).some((value) => value.kind === 'function');
}

/** `res`, `res.status(200)`, `this.res`. */
function isAnswer(node: Node): boolean {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return ANSWER_NAME.test(inner.name);
  if (inner.type === 'MemberExpression') return ANSWER_NAME.test(nameOf(inner) ?? '');
  return inner.type === 'CallExpression' && ANSWERS.has(calleeName(inner)) && inner.callee.type === 'MemberExpression' && isAnswer(inner.callee.object);
}

function isMadeByDebug(file: FileModel, callee: TSESTree.Identifier): boolean {
  return file.modules.has('debug') && file.values.of(callee).some((value) => value.kind === 'result' && value.of.kind === 'module' && value.of.module === 'debug');
}
