/**
 * The text, tree, tokens and scopes of one file, in the form ESLint gives its rules.
 * A rule hands its own `context.sourceCode` in; a codemod builds one from path and text.
 */
import { createRequire } from 'node:module';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';

export type Source = Readonly<TSESLint.SourceCode>;
export type Node = TSESTree.Node;

type ParserName = 'espree' | 'typescript-estree' | '@babel/eslint-parser';

/** The file could be read by no parser. `attempts` holds one line per parser, without source text. */
export class ParseError extends Error {
  override name = 'ParseError';
  constructor(
    readonly path: string,
    readonly attempts: readonly string[],
  ) {
    super(`${path} could not be parsed (${attempts.join('; ')})`);
  }
}

interface Parsed {
  ast: TSESTree.Program;
  scopeManager?: TSESLint.Scope.ScopeManager | null;
  visitorKeys?: TSESLint.SourceCode.VisitorKeys;
  services?: object;
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/**
 * A package, loaded when a file needs it: TypeScript costs about 0.4 s, which a plain JavaScript repository must never pay for.
 * Node.js would look a name up on the disk each time, for a small file as much as a tenth of its whole cost.
 */
function load(name: string): unknown {
  if (!loaded.has(name)) loaded.set(name, require(name));
  return loaded.get(name);
}

const COMMON = { range: true, loc: true, tokens: true, comment: true } as const;

/** What a call of `import` starts with, and now and then something else does. */
const IMPORT_CALL = /\bimport\s*[(/]/;

function parseWithEspree(text: string, sourceType: 'module' | 'commonjs' | 'script'): Parsed {
  const espree = load('espree') as { parse(text: string, options: object): TSESTree.Program };
  const eslintScope = load('eslint-scope') as { analyze(ast: unknown, options: object): TSESLint.Scope.ScopeManager };
  const { KEYS } = load('eslint-visitor-keys') as { KEYS: TSESLint.SourceCode.VisitorKeys };
  const ast = espree.parse(text, { ...COMMON, ecmaVersion: 'latest', sourceType, ecmaFeatures: { jsx: true } });
  const scopeManager = eslintScope.analyze(ast, {
    ignoreEval: true,
    nodejsScope: sourceType === 'commonjs',
    ecmaVersion: 2024,
    sourceType: sourceType === 'commonjs' ? 'script' : sourceType,
    // eslint-scope copies the keys that it is given for each pattern of a file, in half of its time. Its own lack the options of
    // `import()`; for a node that it does not know at all it asks.
    ...(IMPORT_CALL.test(text) && { childVisitorKeys: KEYS }),
    fallback: (node: Node) => KEYS[node.type],
  });
  return { ast, scopeManager, visitorKeys: KEYS };
}

function parseWithTypeScript(path: string, text: string): Parsed {
  const parser = load('#typescript-parser') as { parseForESLint(text: string, options: object): Parsed };
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  return parser.parseForESLint(text, {
    ...COMMON,
    filePath: path,
    sourceType: 'module',
    ecmaFeatures: { jsx: !isTypeScript || path.endsWith('x'), globalReturn: true },
    // A global of the language is a name that nothing declares, as in the scopes of a JavaScript file.
    lib: [],
    errorOnUnknownASTType: false,
  });
}

function parseWithBabel(path: string, text: string): Parsed {
  const parser = load('@babel/eslint-parser') as { parseForESLint(text: string, options: object): Parsed };
  return parser.parseForESLint(text, {
    ...COMMON,
    filePath: path,
    sourceType: 'unambiguous',
    requireConfigFile: false,
    babelOptions: {
      babelrc: false,
      configFile: false,
      parserOpts: { plugins: ['flow', 'jsx', 'decorators-legacy'], allowReturnOutsideFunction: true },
    },
  });
}

function* parsersFor(path: string, text: string): Generator<[ParserName, () => Parsed]> {
  const flow: [ParserName, () => Parsed] = ['@babel/eslint-parser', () => parseWithBabel(path, text)];
  if (/\.[cm]?tsx?$/.test(path)) {
    yield ['typescript-estree', () => parseWithTypeScript(path, text)];
    return;
  }
  const hasFlowPragma = /^[^\n]*@(?:no)?flow\b/m.test(text.slice(0, 2_000));
  if (hasFlowPragma) yield flow;
  const first = path.endsWith('.cjs') ? 'commonjs' : 'module';
  yield ['espree', () => parseWithEspree(text, first)];
  yield ['espree', () => parseWithEspree(text, 'commonjs')];
  yield ['typescript-estree', () => parseWithTypeScript(path, text)];
  if (!hasFlowPragma) yield flow;
}

function setParents(ast: TSESTree.Program, visitorKeys: TSESLint.SourceCode.VisitorKeys): void {
  const stack: Node[] = [ast];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const adopt = (child: { type?: unknown; parent?: Node } | null | undefined) => {
      if (typeof child?.type !== 'string') return;
      child.parent = node;
      stack.push(child as Node);
    };
    for (const key of visitorKeys[node.type] ?? []) {
      const value = (node as unknown as Record<string, object | null | undefined>)[key];
      if (Array.isArray(value)) value.forEach(adopt);
      else adopt(value as Node);
    }
  }
}

/**
 * Builds a `Source` for a file outside ESLint: espree for JavaScript, typescript-estree for TypeScript and for
 * JavaScript that espree refuses, `@babel/eslint-parser` (where installed) for Flow.
 * A leading byte-order mark is kept out of its `text`; `hasBOM` says that it was there.
 *
 * @throws {ParseError} when no parser reads the text
 */
export function buildSource(path: string, rawText: string): Source {
  // `SourceCode` drops a byte-order mark from its text, so the tree must not count it either.
  const text = rawText.startsWith('\uFEFF') ? rawText.slice(1) : rawText;
  const SourceCode = loadSourceCode();
  const attempts: string[] = [];
  for (const [parser, parse] of parsersFor(path, text)) {
    let parsed: Parsed;
    try {
      parsed = parse();
    } catch (error) {
      attempts.push(`${parser}: ${reasonOf(error)}`);
      continue;
    }
    const { KEYS } = load('eslint-visitor-keys') as { KEYS: TSESLint.SourceCode.VisitorKeys };
    const visitorKeys = parsed.visitorKeys ?? KEYS;
    setParents(parsed.ast, visitorKeys);
    return new SourceCode({
      text: rawText,
      ast: parsed.ast as TSESLint.SourceCode.Program,
      scopeManager: parsed.scopeManager ?? null,
      visitorKeys,
      parserServices: parsed.services ?? null,
    } as unknown as TSESLint.SourceCode.SourceCodeConfig);
  }
  throw new ParseError(path, [...new Set(attempts)]);
}

function loadSourceCode(): typeof TSESLint.SourceCode {
  try {
    return (load('eslint') as typeof TSESLint).SourceCode;
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error('eslint is not installed beside eslint-plugin-salesforce-auth, and the codemods read code with it: npm install --save-dev eslint', { cause: error });
  }
}

/** Where a parser stopped, without its words: they quote the source, and the source can hold a password. */
function reasonOf(error: unknown): string {
  const { code, lineNumber, line, loc, location } = error as {
    code?: string;
    lineNumber?: number;
    line?: number;
    loc?: { line?: number };
    location?: { start?: { line?: number } };
  };
  if (code === 'MODULE_NOT_FOUND') return 'not installed';
  const at = lineNumber ?? line ?? loc?.line ?? location?.start?.line;
  if (at !== undefined) return `syntax error at line ${at}`;
  return `failed with ${error instanceof Error ? error.name : 'something that is not an Error'}, not on the code`;
}
