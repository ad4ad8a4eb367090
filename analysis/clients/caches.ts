/** Caches, timers and cookies: how long something is kept, in the unit that the library fixes. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import type { Unit } from '../vocabulary/time';

export interface Lifetime {
  kind: 'cache' | 'timer' | 'cookie';
  node: Node;
  ttl: Node;
  unit: Unit;
  /** What is kept, and under what name; for a timer what it calls. */
  what: readonly Node[];
}

/** Where a method takes a lifetime: the index of an argument, or the name of an option. */
interface Slot {
  unit: Unit;
  at: number | string;
}

const REDIS: ReadonlyMap<string, Slot> = new Map([
  ['setex', { unit: 's', at: 1 }], ['setEx', { unit: 's', at: 1 }], ['expire', { unit: 's', at: 1 }],
  ['psetex', { unit: 'ms', at: 1 }], ['pSetEx', { unit: 'ms', at: 1 }], ['pexpire', { unit: 'ms', at: 1 }], ['pExpire', { unit: 'ms', at: 1 }],
  ['set', { unit: 's', at: 'EX' }],
]);
const LIBRARIES: ReadonlyMap<string, ReadonlyMap<string, Slot>> = new Map<string, ReadonlyMap<string, Slot>>([
  ['node-cache', new Map([['set', { unit: 's', at: 2 }], ['ttl', { unit: 's', at: 1 }]])],
  ['memory-cache', new Map([['put', { unit: 'ms', at: 2 }]])],
  ['lru-cache', new Map([['set', { unit: 'ms', at: 'ttl' }]])],
  ['keyv', new Map([['set', { unit: 'ms', at: 2 }]])],
  ['redis', REDIS],
  ['ioredis', REDIS],
]);
const METHODS = new Set([...LIBRARIES.values()].flatMap((methods) => [...methods.keys()]));
const TIMERS = new Set(['setTimeout', 'setInterval']);
const GLOBALS = new Set(['window', 'globalThis', 'global', 'self']);

/** The modules whose cookies take `maxAge` in seconds, as the header does; express and koa take milliseconds. */
const COOKIES_IN_SECONDS = /^(?:next(?:\/.*)?|cookie|@sveltejs\/kit|fastify|@fastify\/cookie|astro(?:\/.*|:.*)?|hono(?:\/.*)?|nookies|cookies-next|universal-cookie|react-cookie|h3|nuxt\/app)$/;
const COOKIES_IN_MS = /^(?:express|koa|@koa\/router|koa-router|cookies)$/;
const LONGEST_CALLEE = 60;
const MAX_AGE = /max-age=\s*$/i;

/** Every lifetime that a file hands to a cache, a timer or a cookie. */
export function* lifetimes(file: FileModel): Generator<Lifetime> {
  const hasCache = [...file.modules].some((module) => LIBRARIES.has(module));
  const cookieUnit = unitOfCookies(file);
  for (const node of file.all('CallExpression')) {
    const { callee } = node;
    if (isTimer(callee)) {
      if (node.arguments[1]) yield { kind: 'timer', node, ttl: node.arguments[1], unit: 'ms', what: node.arguments.slice(0, 1) };
      continue;
    }
    const name = callee.type === 'Identifier' ? callee.name : (nameOf(callee) ?? '');
    if (/cookie|serialize|^set$/i.test(name)) yield* cookieOf(file, node, name, cookieUnit);
    if (!hasCache || callee.type !== 'MemberExpression' || node.arguments.length < 2 || !METHODS.has(name)) continue;
    const library = file.values.of(callee.object).map(libraryOf).find((one) => one !== undefined);
    const slot = library && LIBRARIES.get(library)?.get(name);
    if (!slot) continue;
    for (const { ttl, unit } of ttlsAt(file, node.arguments, slot)) yield { kind: 'cache', node, ttl, unit, what: node.arguments.slice(0, 2).filter((one) => one !== ttl) };
  }
  yield* headerLifetimes(file);
}

function isTimer(callee: Node): boolean {
  if (callee.type === 'Identifier') return TIMERS.has(callee.name);
  return callee.type === 'MemberExpression' && TIMERS.has(nameOf(callee) ?? '') && callee.object.type === 'Identifier' && GLOBALS.has(callee.object.name);
}

function* ttlsAt(file: FileModel, passed: readonly Node[], { at, unit }: Slot): Generator<{ ttl: Node; unit: Unit }> {
  if (typeof at === 'number') {
    if (passed[at]) yield { ttl: passed[at], unit };
    return;
  }
  // `set(key, value, 'EX', seconds)` or `set(key, value, { EX: seconds })`
  const flag = passed[2] && file.values.strings(passed[2])[0]?.toUpperCase();
  if (passed[3] && (flag === 'EX' || flag === 'PX')) yield { ttl: passed[3], unit: flag === 'EX' ? 's' : 'ms' };
  for (const value of passed[2] ? file.values.of(passed[2]) : []) {
    if (value.kind !== 'object') continue;
    for (const property of value.node.properties) {
      const key = property.type === 'Property' ? nameOf(property) : undefined;
      if (property.type === 'Property' && (key === at || (at === 'EX' && key === 'PX'))) yield { ttl: property.value, unit: key === 'PX' ? 'ms' : unit };
    }
  }
}

/** The module that made an object: `new NodeCache()`, `redis.createClient()`, `require('memory-cache')`. */
function libraryOf(value: Value): string | undefined {
  if (value.kind === 'module') return LIBRARIES.has(value.module) ? value.module : undefined;
  return value.kind === 'instance' || value.kind === 'result' || value.kind === 'member' ? libraryOf(value.of) : undefined;
}

// ---- cookies ----

/** The unit of `maxAge` in a file; undefined where no module or several say it. */
function unitOfCookies(file: FileModel): Unit | undefined {
  const modules = [...file.modules];
  const seconds = modules.some((module) => COOKIES_IN_SECONDS.test(module));
  const ms = modules.some((module) => COOKIES_IN_MS.test(module));
  return seconds === ms ? undefined : seconds ? 's' : 'ms';
}

/** `res.cookie(name, token, { maxAge })`, `cookies().set(…)`, `serialize(…)`: nothing where the options have no `maxAge` in sight. */
function* cookieOf(file: FileModel, node: TSESTree.CallExpression, name: string, known: Unit | undefined): Generator<Lifetime> {
  const options = node.arguments.at(-1);
  if (options?.type !== 'ObjectExpression') return;
  const { callee } = node;
  const isExpress = name === 'cookie' && callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && /^res(?:ponse)?$/.test(callee.object.name);
  // Nothing but express has `res.cookie(…)`, but for fastify, which says so.
  const unit = known ?? (isExpress ? 'ms' : undefined);
  if (unit === undefined || (name === 'set' && !/cookie/i.test(file.source.text.slice(Math.max(callee.range[0], callee.range[1] - LONGEST_CALLEE), callee.range[1])))) return;
  const age = options.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === 'maxAge');
  if (age) yield { kind: 'cookie', node: age, ttl: age.value, unit, what: node.arguments.slice(0, -1) };
}

/** `Max-Age=` in a Set-Cookie header or in `document.cookie`, which takes seconds. */
function* headerLifetimes(file: FileModel): Generator<Lifetime> {
  if (!/max-age=/i.test(file.source.text)) return;
  for (const template of file.all('TemplateLiteral')) {
    for (const [index, ttl] of template.expressions.entries()) {
      if (MAX_AGE.test(template.quasis[index]!.value.raw)) yield { kind: 'cookie', node: ttl, ttl, unit: 's', what: [template] };
    }
  }
  for (const sum of file.all('BinaryExpression')) {
    if (sum.operator !== '+') continue;
    const { left } = sum;
    const before = left.type === 'BinaryExpression' && left.operator === '+' ? left.right : left;
    if (before.type === 'Literal' && typeof before.value === 'string' && MAX_AGE.test(before.value)) yield { kind: 'cookie', node: sum.right, ttl: sum.right, unit: 's', what: [] };
  }
}
