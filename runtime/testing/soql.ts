import { caseSafeId } from './ids';
import type { SObjectRecord } from './types';

/** The part of SOQL that this org understands. */
export interface Soql {
  fields: string[];
  object: string;
  where: Condition[];
  orderBy?: { field: string; descending: boolean };
  limit?: number;
}

interface Condition {
  field: string;
  operator: string;
  values: (string | number | boolean | null)[];
}

const CLAUSES =
  /^\s*SELECT\s+([\s\S]+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+([\s\S]+?))?(?:\s+ORDER\s+BY\s+(\w+)(?:\s+(ASC|DESC))?(?:\s+NULLS\s+\w+)?)?(?:\s+LIMIT\s+(\d+))?\s*;?\s*$/i;

/** Reads a query, or gives `undefined` when it is more than this org can do. */
export function parseSoql(query: string): Soql | undefined {
  const match = CLAUSES.exec(query);
  if (!match) return undefined;
  const [, fields = '', object = '', where, orderField, direction, limit] = match;
  const conditions = (where ? splitAnd(where) : []).map(parseCondition);
  if (!conditions.every((condition) => condition !== undefined)) return undefined;
  return {
    fields: fields.split(',').map((field) => field.trim()),
    object,
    where: conditions,
    ...(orderField ? { orderBy: { field: orderField, descending: direction?.toUpperCase() === 'DESC' } } : {}),
    ...(limit ? { limit: Number(limit) } : {}),
  };
}

/** Splits at AND, but not inside a quoted string. */
function splitAnd(where: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [token] of where.matchAll(/'(?:\\.|[^'\\])*'|\bAND\b|[\s\S]/gi)) {
    if (/^AND$/i.test(token)) {
      parts.push(part);
      part = '';
    } else {
      part += token;
    }
  }
  return [...parts, part];
}

function parseCondition(text: string): Condition | undefined {
  const unwrapped = text.trim().replace(/^\(([\s\S]*)\)$/, '$1');
  const match = /^(\w+)\s*(=|!=|<>|<=|>=|<|>|LIKE\b|IN\b)\s*([\s\S]+)$/i.exec(unwrapped);
  if (!match) return undefined;
  const [, field = '', operator = '', right = ''] = match;
  const literals = /^IN$/i.test(operator)
    ? [...right.replace(/^\(|\)$/g, '').matchAll(/'(?:\\.|[^'\\])*'|[^,\s]+/g)].map(([literal]) => literal)
    : [right.trim()];
  const values = literals.map(parseLiteral);
  if (!values.every((value) => value !== undefined)) return undefined;
  return { field, operator: operator.toUpperCase(), values };
}

function parseLiteral(literal: string): string | number | boolean | null | undefined {
  const quoted = /^'((?:\\.|[^'\\])*)'$/s.exec(literal)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  if (/^null$/i.test(literal)) return null;
  if (/^(?:true|false)$/i.test(literal)) return literal.toLowerCase() === 'true';
  if (/^\d{4}-\d\d-\d\d/.test(literal)) return literal;
  return /^[-+]?\d+(?:\.\d+)?$/.test(literal) ? Number(literal) : undefined;
}

/** Field names are written in any case. */
export function readField(row: SObjectRecord, name: string): unknown {
  const key = Object.keys(row).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : (row[key] ?? null);
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  // Text compares without regard to case.
  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_comparisonoperators.htm
  const [a, b] = [String(left).toLowerCase(), String(right).toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(row: SObjectRecord, { field, operator, values }: Condition): boolean {
  const isId = /Id$/i.test(field);
  const left = readField(row, field);
  const equal = (value: unknown) =>
    left === null || value === null
      ? left === value
      : isId
        ? caseSafeId(String(left)) === caseSafeId(String(value))
        : compare(left, value) === 0;
  const right = values[0] ?? null;
  switch (operator) {
    case '=':
      return equal(right);
    case '!=':
    case '<>':
      return !equal(right);
    case 'IN':
      return values.some(equal);
    case 'LIKE': {
      const pattern = String(right).replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.');
      return left !== null && new RegExp(`^${pattern}$`, 'is').test(String(left));
    }
    default: {
      if (left === null || right === null) return false;
      const order = compare(left, right);
      return operator.startsWith('<') ? order < 0 || (operator === '<=' && order === 0) : order > 0 || (operator === '>=' && order === 0);
    }
  }
}

/** The rows that a query selects, whole. */
export function select(rows: SObjectRecord[], soql: Soql): SObjectRecord[] {
  const found = rows.filter((row) => soql.where.every((condition) => holds(row, condition)));
  const { orderBy } = soql;
  if (orderBy) {
    const sign = orderBy.descending ? -1 : 1;
    found.sort((a, b) => sign * compare(readField(a, orderBy.field), readField(b, orderBy.field)));
  }
  return soql.limit === undefined ? found : found.slice(0, soql.limit);
}
