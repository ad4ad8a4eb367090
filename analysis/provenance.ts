/** Where a value comes from, and so whose it is: the application's own, or somebody else's. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from './values';
import type { FileModel } from './file';
import { callOf, isFunction, nameOf } from './scope';
import type { Node } from './source';
import { isLocalModule } from './vocabulary/libraries';

export type Origin =
  | 'literal'
  | 'environment'
  /** the application's own configuration: another file of it, a config library, a secret store */
  | 'configuration'
  | 'caller'
  | 'request'
  | 'prompt'
  | 'command line'
  /** settings that the product's user edits: Node-RED nodes, editor settings */
  | 'user settings'
  | 'unknown';

/** Origins that belong to the application itself: what it logs in with is its own identity. */
const OWN: ReadonlySet<Origin> = new Set(['literal', 'environment', 'configuration']);

export function isOwn(origin: Origin): boolean {
  return OWN.has(origin);
}

const PROMPTS = /^(?:inquirer|@inquirer\/.*|prompts?|enquirer|readline(?:-sync|\/promises)?|node:readline.*|@clack\/.*|@sf\/.*|sync-prompt|read)$/;
const COMMAND_LINES = /^(?:commander|yargs(?:\/.*)?|minimist|meow|cac|arg|command-line-args|optimist|docopt|@oclif\/.*|@salesforce\/(?:command|sf-plugins-core))$/;
const CONFIGURATIONS =
  /^(?:config|dotenv.*|nconf|convict|rc|env-var|envalid|properties(?:-reader|-parser)?|node:fs.*|fs(?:\/promises|-extra)?|js-yaml|yaml|ini|aws-sdk.*|@aws-sdk\/.*|@google-cloud\/secret-manager|@azure\/(?:keyvault|identity|app-configuration).*|node-vault|firebase-functions.*|@nestjs\/config)$/;
/** Modules that turn a file name or a file's text into settings. */
const READERS = /^(?:node:)?fs(?:\/promises|-extra)?$|^(?:js-yaml|yaml|ini|properties(?:-reader|-parser)?)$/;
const REQUEST_NAMES = /^(?:req|request|ctx|event)$/;
const REQUEST_PARTS = /^(?:body|query|params|headers|session|queryStringParameters|cookies)$/;

/** Every origin that a value can have; a concatenation has those of its parts. */
export function originsOf(file: FileModel, node: Node): Set<Origin> {
  const origins = new Set<Origin>();
  for (const value of file.values.of(node)) collect(file, value, origins, 0);
  return origins;
}

/** The same of one value. */
export function originsOfValue(file: FileModel, value: Value): Set<Origin> {
  const origins = new Set<Origin>();
  collect(file, value, origins, 0);
  return origins;
}

/** The first origin that is not the application's own; undefined when all are. */
export function foreignOrigin(file: FileModel, nodes: readonly Node[]): Origin | undefined {
  const all = nodes.flatMap((node) => [...originsOf(file, node)]);
  return all.find((origin) => !isOwn(origin) && origin !== 'unknown') ?? all.find((origin) => !isOwn(origin));
}

function collect(file: FileModel, value: Value, origins: Set<Origin>, depth: number): void {
  if (depth > 20) return void origins.add('unknown');
  switch (value.kind) {
    case 'literal':
      origins.add('literal');
      return;
    case 'text':
      for (const part of value.parts) if (typeof part !== 'string') collect(file, part, origins, depth + 1);
      origins.add('literal');
      return;
    case 'env':
      origins.add('environment');
      return;
    case 'module':
      origins.add(ofModule(value.module, value.path));
      return;
    case 'global':
      if (value.path[0] === 'process' && value.path[1] === 'argv') origins.add('command line');
      else if (value.path[0] === 'prompt' || value.path[0] === 'document') origins.add('prompt');
      else origins.add('unknown');
      return;
    case 'parameter':
      origins.add(ofParameter(value.name));
      return;
    case 'member':
      if (value.of.kind === 'parameter' && REQUEST_PARTS.test(value.name)) return void origins.add('request');
      collect(file, value.of, origins, depth + 1);
      return;
    case 'instance':
    case 'result': {
      const given = value.kind === 'instance' && !value.call ? parameterOf(value) : undefined;
      if (given !== undefined) return void origins.add(ofParameter(given));
      // An address is whose its parts are.
      if (value.kind === 'instance' && value.call && value.of.kind === 'global' && value.of.path.join('.') === 'URL') {
        for (const argument of value.call.arguments) for (const part of file.values.of(argument)) collect(file, part, origins, depth + 1);
        return;
      }
      const settings = value.kind === 'result' ? settingsBehind(file, value.call) : [];
      if (settings.length > 0) {
        for (const setting of settings) for (const given of file.values.of(setting)) collect(file, given, origins, depth + 1);
        return;
      }
      collect(file, value.of, origins, depth + 1);
      for (const argument of value.call?.arguments ?? []) collectChoice(file, value.of, argument, origins, depth + 1);
      return;
    }
    default:
      origins.add('unknown');
  }
}

/** What the file puts under the name that `app.get('name')` of express reads: the second arguments of `app.set('name', …)`. */
function settingsBehind(file: FileModel, call: TSESTree.CallExpression): Node[] {
  const named = settingNamed(file, call, 'get');
  if (named === undefined) return [];
  return file.members.named('set').flatMap((member) => {
    const write = callOf(member);
    return write && settingNamed(file, write, 'set') === named && write.arguments[1] ? [write.arguments[1]] : [];
  });
}

function settingNamed(file: FileModel, { callee, arguments: [name] }: TSESTree.CallExpression, method: string): string | undefined {
  if (callee.type !== 'MemberExpression' || nameOf(callee) !== method || name?.type !== 'Literal') return undefined;
  const isApp = file.values.of(callee.object).every((value) => value.kind === 'result' && value.of.kind === 'module' && value.of.module === 'express' && value.of.path.length === 0);
  return isApp ? String(name.value) : undefined;
}

function ofParameter(name: string): Origin {
  return name === 'RED' ? 'user settings' : REQUEST_NAMES.test(name) ? 'request' : 'caller';
}

/** The parameter whose declared type makes it an instance of something of the program's own: `request: Hub.ActionRequest`. A constructor is handed the program's services. */
function parameterOf({ of: type, node }: Extract<Value, { kind: 'instance' }>): string | undefined {
  const holder = node.parent?.type === 'AssignmentPattern' ? node.parent : node;
  const fn = holder.parent;
  const isParameter = isFunction(fn) && (fn.params as Node[]).includes(holder) && nameOf(fn.parent) !== 'constructor';
  return isParameter && node.type === 'Identifier' && type.kind === 'module' && isLocalModule(type.module) ? node.name : undefined;
}

function ofModule(module: string, path: readonly string[]): Origin {
  if (PROMPTS.test(module)) return 'prompt';
  if (/^(?:node:)?process$/.test(module) && path[0] === 'env') return 'environment';
  if (COMMAND_LINES.test(module) || (/^(?:node:)?process$/.test(module) && path[0] === 'argv')) return 'command line';
  if (module === 'vscode') return 'user settings';
  return isLocalModule(module) || CONFIGURATIONS.test(module) ? 'configuration' : 'unknown';
}

/**
 * Settings are whose choice they are: those that the caller or the command line names are not the application's own. A name
 * that is fixed but for a part (`sf.${env}.password`) still picks among the application's own entries; a file's does not.
 */
function collectChoice(file: FileModel, maker: Value, argument: Node, origins: Set<Origin>, depth: number): void {
  if (depth > 20 || maker.kind !== 'module' || ofModule(maker.module, maker.path) !== 'configuration') return;
  const found = new Set<Origin>();
  for (const value of file.values.of(argument)) {
    if (value.kind === 'object') {
      for (const property of value.node.properties) collectChoice(file, maker, property.type === 'Property' ? property.value : property.argument, origins, depth + 1);
    } else if (value.kind !== 'text' || READERS.test(maker.module)) {
      collect(file, value, found, depth);
    }
  }
  for (const origin of found) if (!isOwn(origin) && origin !== 'unknown') origins.add(origin);
}
