import type { TSESLint } from '@typescript-eslint/utils';

const DOCS = 'https://github.com/salesforce-auth/eslint-plugin-salesforce-auth/blob/main/docs/rules';

export type Preset = 'recommended' | 'strict';

interface RuleDocs {
  description: string;
  /** The smallest preset that turns the rule on. */
  preset: Preset;
}

export interface RuleModule<Ids extends string> extends TSESLint.RuleModule<Ids, [], RuleDocs> {
  name: string;
}

/** A rule with its documentation address; the name is the file's, and the page's, and the one users type. */
export function createRule<Ids extends string>(
  name: string,
  rule: {
    meta: Omit<TSESLint.RuleMetaData<Ids, RuleDocs, []>, 'docs' | 'defaultOptions'> & { docs: RuleDocs; languages?: readonly string[] };
    create(context: Readonly<TSESLint.RuleContext<Ids, []>>): TSESLint.RuleListener;
  },
): RuleModule<Ids> {
  const { meta, create } = rule;
  return {
    name,
    meta: { ...meta, docs: { ...meta.docs, recommended: meta.docs.preset === 'recommended', url: `${DOCS}/${name}.md` } },
    defaultOptions: [],
    create,
  } as unknown as RuleModule<Ids>;
}
