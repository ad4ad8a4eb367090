/** Caches, timers and cookies: how long something is kept, in the unit that the library fixes. */
import type { FileModel } from '../file';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import type { Unit } from '../vocabulary/time';

export interface Lifetime {
  node: Node;
  ttl: Node;
  unit: Unit;
  /** What is kept, and under what name; nothing for a timer. */
  key: readonly Node[];
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
const TIMERS = new Set(['setTimeout', 'setInterval']);

/** Every lifetime that a file hands to a cache or a timer. */
export function* cacheLifetimes(file: FileModel): Generator<Lifetime> {
  const hasCache = [...file.modules].some((module) => LIBRARIES.has(module));
  for (const node of file.all('CallExpression')) {
    const { callee } = node;
    if (callee.type === 'Identifier' && TIMERS.has(callee.name) && node.arguments[1]) {
      yield { node, ttl: node.arguments[1], unit: 'ms', key: [] };
      continue;
    }
    if (!hasCache || callee.type !== 'MemberExpression' || node.arguments.length < 2) continue;
    const name = nameOf(callee) ?? '';
    const library = METHODS.has(name) && file.values.of(callee.object).map(libraryOf).find((one) => one !== undefined);
    const slot = library && LIBRARIES.get(library)?.get(name);
    if (!slot) continue;
    for (const { ttl, unit } of ttlsAt(file, node.arguments, slot)) yield { node, ttl, unit, key: node.arguments.slice(0, 2).filter((one) => one !== ttl) };
  }
}

const METHODS = new Set([...LIBRARIES.values()].flatMap((methods) => [...methods.keys()]));

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
