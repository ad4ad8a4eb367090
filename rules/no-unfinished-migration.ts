import { markersIn } from '../edits';
import { createRule } from './shared/create-rule';

export default createRule('no-unfinished-migration', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow the `sf-auth-todo` markers that a codemod leaves where a person must act',
      preset: 'recommended',
    },
    messages: {
      unfinished: 'The migration of this place is not finished ({{rule}}): {{text}}',
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    return {
      'Program:exit'() {
        for (const { rule, text, comment } of markersIn(sourceCode)) {
          context.report({ loc: comment.loc, messageId: 'unfinished', data: { rule, text } });
        }
      },
    };
  },
});
