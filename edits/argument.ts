/** A call's arguments. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Source } from '../analysis/source';
import type { Edit } from './edits';
import { appendItem, insertItem, type List, removeItems } from './list';
import { outerRange } from './node';
import { argumentsOf } from './tokens';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

function listOf(source: Source, call: Call): Required<List> | undefined {
  const parentheses = argumentsOf(source, call);
  return parentheses && { items: call.arguments, ...parentheses };
}

/** Adds an argument at the end, on a line of its own where the last one has that. `new X` becomes `new X(text)`. */
export function appendArgument(source: Source, call: Call, text: string): Edit {
  const list = listOf(source, call);
  if (!list) return { range: [call.range[1], call.range[1]], text: `(${text})` };
  return appendItem(source, list, text, '');
}

/**
 * Removes one argument with its comma and its comments.
 *
 * @throws {RangeError} when there is no such argument
 */
export function removeArgument(source: Source, call: Call, index: number): Edit {
  return replaceArguments(source, call, index, index + 1, '');
}

/**
 * Replaces the arguments from `fromIndex` up to, not including, `toIndex` by `text`, which may hold several. Comments before
 * and behind the run stay. An empty run inserts; empty text removes.
 *
 * @throws {RangeError} when the call has fewer arguments
 */
export function replaceArguments(source: Source, call: Call, fromIndex: number, toIndex: number, text: string): Edit {
  const args = call.arguments;
  if (fromIndex < 0 || fromIndex > toIndex || toIndex > args.length) {
    throw new RangeError(`No arguments ${fromIndex} to ${toIndex} in a call with ${args.length}`);
  }
  if (fromIndex === toIndex) {
    const next = args[fromIndex];
    return next ? insertItem(source, next, text) : appendArgument(source, call, text);
  }
  if (text === '') return removeItems(source, listOf(source, call)!, fromIndex, toIndex);
  const [start] = outerRange(source, args[fromIndex]!);
  const [, end] = outerRange(source, args[toIndex - 1]!);
  return { range: [start, end], text };
}
