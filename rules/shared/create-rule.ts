import type { TSESLint } from '@typescript-eslint/utils';
import { concernsUs, isBundle, settingsOf } from '../../analysis';

const DOCS = 'https://github.com/salesforce-auth/eslint-plugin-salesforce-auth/blob/main/docs/rules';

export type Preset = 'recommended' | 'strict';

interface Security {
  /** From 0.1 to 10, as GitHub code scanning reads it; that of the CodeQL query on the same weakness, where there is one. */
  severity: number;
  /** Number in the Common Weakness Enumeration. */
  cwe: number;
}

interface RuleDocs {
  description: string;
  /** The smallest preset that turns the rule on. */
  preset: Preset;
  /** For a finding that hands somebody a token or a secret; the others are about calls that fail. */
  security?: Security;
  /** The options it has in the strict preset, where they differ from its defaults. */
  strictOptions?: object;
}

export interface RuleModule<Ids extends string> extends TSESLint.RuleModule<Ids, [], RuleDocs> {
  name: string;
}

/**
 * A rule with its documentation address; the name is the file's, and the page's, and the one users type. It is asked about
 * files that can concern it: no bundles, and where it `followsScope`, those of any OAuth client if the settings say so;
 * else those with a word of Salesforce's.
 */
export function createRule<Ids extends string, Options extends object = object>(
  name: string,
  rule: {
    meta: Omit<TSESLint.RuleMetaData<Ids, RuleDocs, []>, 'docs' | 'defaultOptions'> & {
      docs: RuleDocs;
      languages?: readonly string[];
      defaultOptions?: readonly [Options];
    };
    followsScope?: true;
    create(context: Readonly<TSESLint.RuleContext<Ids, []>>, options: Options): TSESLint.RuleListener;
  },
): RuleModule<Ids> {
  const { meta, create, followsScope } = rule;
  return {
    name,
    meta: { ...meta, docs: { ...meta.docs, category: meta.docs.security ? 'Security' : 'Reliability', recommended: meta.docs.preset === 'recommended', url: `${DOCS}/${name}.md` } },
    defaultOptions: [],
    create(context: Readonly<TSESLint.RuleContext<Ids, []>>) {
      const { text } = context.sourceCode;
      const takesAll = settingsOf(context.settings).scope === 'any' && followsScope;
      if ((!takesAll && !concernsUs(text)) || isBundle(text)) return {};
      // ESLint 8 knows no default options.
      return create(context, { ...meta.defaultOptions?.[0], ...(context.options as unknown as object[])[0] } as Options);
    },
  } as unknown as RuleModule<Ids>;
}
