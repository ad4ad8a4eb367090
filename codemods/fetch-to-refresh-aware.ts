/**
 * Requests and connections on a token that is held and never renewed become refresh-aware through salesforce-auth-client, where the
 * token is the application's own; every other one gets a marker that says whose it is.
 */
import { concernsUs, modelOf, type FileModel } from '../analysis';
import type { Node, Source } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { addProperty, declarationStyle, edited, ensureImport, freeName, insertBelowImports, insertStatementBehind, replaceCallee, replaceNode, wrapExpression, type Edit } from '../edits';
import { authSource, ensureAuth } from './auth-import';
import { ENV } from './environment';
import { RUNTIME_FLOW } from './flow';
import { asJscodeshift } from './jscodeshift';
import { entryFor, settle } from './places';
import { planFor, type HeldPlace } from './refresh-aware/plan';
import { tokensOf } from './refresh-aware/identity';
import type { Sender, Wrapper } from './refresh-aware/senders';
import { dropUnusedSender } from './refresh-aware/unused-import';
import type { ReportEntry, Transform, TransformOptions, TransformResult } from './report';
import { namesIn, removeDeadReads } from './dead-reads';
import { sourceOf } from './source';

const NAME = 'fetch-to-refresh-aware';

export const transform: Transform = ({ path, source: text }, options): TransformResult => {
  if (!concernsUs(text)) return { entries: [], env: [] };
  const source = sourceOf(path, text);
  const file = modelOf(source);
  const places = planFor(file, options);
  const { entries, markers, migrated } = settle(NAME, path, source, places, ({ decision }) => decision);
  for (const call of alreadyAware(file, authSource(path, options))) entries.push(alreadySafe(path, call));
  if (migrated.length === 0) return { entries, env: [], ...(markers.length > 0 && { output: edited(source, markers) }) };

  const wrappers = new Set(migrated.flatMap(({ sender }) => (sender && 'wrapper' in sender ? [sender.wrapper] : [])));
  const output = rewritten(path, withImports(path, text, wrappers, options), options);
  const senders = migrated.flatMap(({ sender }) => (sender?.kind === 'fetch' ? namesIn(source, sender.call.callee) : []));
  const tokens = migrated.flatMap(({ held }) => tokensOf(held)).flatMap((node) => namesIn(source, node));
  return { output: removeDeadReads(path, dropUnusedSender(path, output, senders), tokens), entries, env: options.authModule === undefined ? variables(migrated, options) : [] };
};

export default asJscodeshift(NAME, transform);

/** What the identity reads: for the flow by which the file itself asked for its tokens, else for the one chosen. */
function variables(places: readonly HeldPlace[], { flow: chosen = 'jwt-bearer' }: TransformOptions): string[] {
  const names = places.flatMap(({ grant }) => {
    const flow = grant ?? chosen;
    return [...(grant ? ['SALESFORCE_FLOW'] : []), ...ENV[flow], ...(flow === 'jwt-bearer' ? ['SALESFORCE_USERNAME'] : [])];
  });
  return [...new Set(names)];
}

/** The text with what the rewritten code uses: the identity, and the functions that make clients refresh-aware. */
function withImports(path: string, text: string, wrappers: ReadonlySet<Wrapper>, options: TransformOptions): string {
  const steps = [(source: Source) => ensureAuth(source, path, options), ...[...wrappers].sort().map((name) => (source: Source) => ensureImport(source, { module: RUNTIME_MODULE, name, path }))];
  return steps.reduce((current, step) => {
    const source = sourceOf(path, current);
    return edited(source, step(source).edits);
  }, text);
}

/** The text with its places rewritten and marked; the imports are there. */
function rewritten(path: string, text: string, options: TransformOptions): string {
  const source = sourceOf(path, text);
  const { migrated, markers } = settle(NAME, path, source, planFor(modelOf(source), options), ({ decision }) => decision);
  const auth = ensureAuth(source, path, options).local;
  const wrapperOf = (name: Wrapper) => ensureImport(source, { module: RUNTIME_MODULE, name, path }).local;
  const edits: Edit[] = [...markers];
  const done = new Set<Node>();
  for (const place of migrated) {
    if (place.sender) edits.push(...sendThrough(source, place, place.sender, { auth, wrapperOf, done }));
    edits.push(...place.drops);
  }
  return edited(source, edits);
}

interface Names {
  auth: string;
  wrapperOf(name: Wrapper): string;
  /** What was wrapped for an earlier place. */
  done: Set<Node>;
}

function sendThrough(source: Source, place: HeldPlace, sender: Sender, { auth, wrapperOf, done }: Names): Edit[] {
  const once = (node: Node, edits: () => Edit[]): Edit[] => (done.has(node) ? [] : (done.add(node), edits()));
  switch (sender.kind) {
    case 'fetch':
      return [replaceCallee(source, sender.call, `${auth}.fetch`)];
    case 'fetch option':
      return once(sender.options, () => fetchOption(source, place, sender.options, auth));
    case 'maker':
      return once(sender.made, () => wrapExpression(source, sender.made, `${wrapperOf(sender.wrapper)}(${auth}, `, ')'));
    case 'behind':
      return [insertStatementBehind(source, sender.statement, `${wrapperOf(sender.wrapper)}(${auth}, ${source.getText(sender.client)})`)];
    case 'library':
      return once(sender.binding, () => [insertBelowImports(source, statementOfBinding(sender.binding), `${wrapperOf(sender.wrapper)}(${auth}, ${sender.binding.name})`)]);
    case 'copy': {
      const copy = copyName(source, sender.binding.name);
      const made = `${declarationStyle(source).keyword} ${copy} = ${wrapperOf(sender.wrapper)}(${auth}, ${sender.binding.name})`;
      return [replaceNode(source, sender.use, copy), ...once(sender.binding, () => [insertBelowImports(source, statementOfBinding(sender.binding), made)])];
    }
  }
}

/** In the place of the headers, where those held nothing but the token. */
function fetchOption(source: Source, place: HeldPlace, options: Extract<Sender, { kind: 'fetch option' }>['options'], auth: string): Edit[] {
  const text = `fetch: ${auth}.fetch`;
  const [drop] = place.drops;
  const emptied = options.properties.find((property) => drop && drop.range[0] <= property.range[0] && property.range[1] <= drop.range[1]);
  if (!emptied) return [addProperty(source, options, text)];
  place.drops.length = 0;
  return [replaceNode(source, emptied, text)];
}

function copyName(source: Source, library: string): string {
  return freeName(source, `salesforce${library.charAt(0).toUpperCase()}${library.slice(1)}`);
}

function statementOfBinding(binding: Node): Source['ast']['body'][number] {
  let at: Node = binding;
  while (at.parent?.type !== 'Program') at = at.parent!;
  return at as Source['ast']['body'][number];
}

const WRAPPERS: readonly Wrapper[] = ['withAxios', 'withGot', 'withJsforce', 'withRequest', 'withRequestRetry', 'withSuperagent'];

/** What this codemod writes: calls of the runtime, and clients that send with its fetch. */
function alreadyAware(file: FileModel, auth: { module: string; name: string }): Node[] {
  if (!file.modules.has(RUNTIME_MODULE) && !file.modules.has(auth.module)) return [];
  const isOf = (node: Node, module: string, ...path: readonly string[]) =>
    file.values.of(node).some((value) => value.kind === 'module' && value.module === module && value.path.join('.') === path.join('.'));
  const isFetch = (node: Node) => isOf(node, auth.module, auth.name, 'fetch');
  return [
    ...file.all('CallExpression').filter(({ callee }) => isFetch(callee) || WRAPPERS.some((name) => isOf(callee, RUNTIME_MODULE, name))),
    ...file.properties.named('fetch').filter((property) => property.parent.type === 'ObjectExpression' && isFetch(property.value)),
  ];
}

function alreadySafe(path: string, node: Node): ReportEntry {
  return entryFor(NAME, path, { rule: 'require-401-handling', node, what: 'client of salesforce-auth-client', flow: RUNTIME_FLOW }, { state: 'already-safe', reason: 'renews its token by itself' });
}
