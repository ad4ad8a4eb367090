import type { TSESTree } from '@typescript-eslint/utils';
import type { Source } from '../analysis/source';
import type { Edit } from './edits';
import { outerRange, startingAt } from './node';

/** Replaces what is called, with its parentheses; type arguments and arguments stay as they are. */
export function replaceCallee(source: Source, call: TSESTree.CallExpression | TSESTree.NewExpression, text: string): Edit {
  const range = outerRange(source, call.callee);
  return { range, text: startingAt(source, call.callee, range[0], text) };
}
