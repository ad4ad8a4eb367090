/** Runs our rules over one file, with no ESLint configuration but our own. */
import { createRequire } from 'node:module';
import type { Linter } from 'eslint';
import { concernsUs, heldTokens, loginsIn, modelOf, settingsOf } from '../../analysis';
import { buildSource, type Node, type Source } from '../../analysis/source';
import plugin from '../../index';
import { describeFailure } from '../failure';
import { flowOfHeld, flowOfLogin } from '../flow';
import type { TokenFlow } from '../report';
import type { FoundFile } from './discover';
import { readSource } from './read-file';
import type { FileResult, Finding } from './file-result';

const PREFIX = `${plugin.meta.namespace}/`;
/** The rule that reports what a codemod marked. */
const UNFINISHED = 'no-unfinished-migration';
/** Rules whose places a codemod rewrites or marks. */
const MIGRATED = new Set(['no-soap-login', 'no-password-grant', 'require-401-handling', 'require-expiry-buffer', 'no-hardcoded-credentials', 'no-hardcoded-session-id']);

type Scope = NonNullable<Source['scopeManager']>['scopes'][number];

let linter: Linter | undefined;

export async function checkFile(file: FoundFile): Promise<FileResult> {
  const read = readSource(file);
  if ('entries' in read) return read;
  if (!concernsUs(read.text)) return { entries: [], env: [] };
  try {
    return { entries: findingsIn(file.path, buildSource(file.path, read.text)), env: [] };
  } catch (error) {
    return { entries: [], env: [], failure: describeFailure('a rule', error) };
  }
}

function findingsIn(path: string, source: Source): Finding[] {
  // Loaded at run time: the copy that `buildSource` makes its `SourceCode` with.
  const eslint = createRequire(import.meta.url)('eslint') as { Linter: typeof Linter };
  linter ??= new eslint.Linter({ configType: 'flat' });
  takeGlobals(source);
  // The name stands for the language alone: a path outside of the working directory would match no configuration.
  const filename = `file${/\.\w+$/.exec(path)![0]}`;
  const messages = linter.verify(source as never, [plugin.configs.recommended as unknown as Linter.Config], { filename });
  // Comments of the project may switch rules on that we do not have.
  const ours = messages.flatMap(({ ruleId, message, line, column }) => (ruleId?.startsWith(PREFIX) ? [{ rule: ruleId.slice(PREFIX.length), message, line, column }] : []));
  const flows = ours.length > 0 ? flowsIn(source) : undefined;
  return ours.map(({ rule, message, line, column }): Finding => {
    const flow = flows?.get(`${rule}:${line}:${column}`);
    return { transform: 'check', rule, path, line, column, state: rule === UNFINISHED ? 'marked' : 'left', what: message, reason: 'check changes nothing', next: nextFor(rule), ...(flow && { flow }) };
  });
}

/** ESLint 10 has scope managers take in the globals, which that of `@babel/eslint-parser`, older than this, cannot. */
function takeGlobals(source: Source): void {
  const scopeManager = source.scopeManager as { scopes: Scope[]; addGlobals?: unknown } | null;
  if (!scopeManager || scopeManager.addGlobals) return;
  const { Variable } = createRequire(import.meta.url)('eslint-scope') as { Variable: new (name: string, scope: Scope) => Scope['variables'][number] };
  const scope = scopeManager.scopes[0]!;
  const addGlobals = (names: readonly string[]) => {
    for (const name of names) {
      if (scope.set.has(name)) continue;
      const variable = new Variable(name, scope);
      scope.set.set(name, variable);
      scope.variables.push(variable);
    }
    scope.through = scope.through.filter((reference) => {
      const variable = scope.set.get(reference.identifier.name as string);
      if (!variable) return true;
      reference.resolved = variable;
      variable.references.push(reference);
      return false;
    });
  };
  scopeManager.addGlobals = addGlobals;
}

function nextFor(rule: string): string {
  if (rule === UNFINISHED) return 'Do what the marker says, then delete it.';
  return MIGRATED.has(rule) ? 'Run salesforce-auth migrate, which rewrites or marks it.' : `Change it as ${docsUrl(rule)} shows.`;
}

function docsUrl(rule: string): string {
  return (plugin.rules as Record<string, { meta: { docs?: { url?: string } } }>)[rule]!.meta.docs!.url!;
}

/** The flows of a file's tokens, by the place where a rule reports them. */
function flowsIn(source: Source): Map<string, TokenFlow> {
  const file = modelOf(source);
  const at = (rule: string, { loc: { start } }: Node) => `${rule}:${start.line}:${start.column + 1}`;
  return new Map([
    ...loginsIn(source).map((login): [string, TokenFlow] => [at(login.kind === 'soap-login' ? 'no-soap-login' : 'no-password-grant', login.node), flowOfLogin(login)]),
    ...heldTokens(source, settingsOf(undefined)).map((held): [string, TokenFlow] => [at('require-401-handling', held.node), flowOfHeld(file, held)]),
  ]);
}
