import { caseSafeId, freshId, keyPrefix } from './ids';
import type { SObjectRecord } from './types';

/** Rows for an org that was given none. */
export function sampleRecords(): Record<string, SObjectRecord[]> {
  return {
    Account: [
      { Name: 'Edge Communications', Industry: 'Electronics', AnnualRevenue: 139000000 },
      { Name: 'Burlington Textiles', Industry: 'Apparel', AnnualRevenue: 350000000 },
      { Name: 'Pyramid Construction', Industry: 'Construction', AnnualRevenue: 950000000 },
    ],
    Contact: [
      { FirstName: 'Rose', LastName: 'Gonzalez', Email: 'rose@edge.example' },
      { FirstName: 'Jack', LastName: 'Rogers', Email: 'jack@burlington.example' },
    ],
  };
}

/** The object tables: plain arrays that a test may read and change, and the few operations that the APIs need. */
export class Tables {
  readonly rows: Record<string, SObjectRecord[]>;
  readonly #deleted = new Map<string, SObjectRecord[]>();

  constructor(seed: Record<string, SObjectRecord[]>) {
    this.rows = Object.fromEntries(Object.entries(seed).map(([name, rows]) => [name, rows.map((row) => ({ ...row }))]));
    for (const name of Object.keys(this.rows)) this.all(name);
  }

  /** The table's own name for a name in any case, or `undefined`. */
  resolve(name: string): string | undefined {
    return Object.keys(this.rows).find((known) => known.toLowerCase() === name.toLowerCase());
  }

  /** The rows of a table, each with an id, also those a test has just pushed. */
  all(name: string, includeDeleted = false): SObjectRecord[] {
    const rows = this.rows[name] ?? [];
    for (const row of rows) row['Id'] ??= caseSafeId(freshId(keyPrefix(name)));
    return includeDeleted ? [...rows, ...(this.#deleted.get(name) ?? [])] : rows;
  }

  /** A row by id (15 or 18 characters) or by the value of another field. */
  find(name: string, value: string, field = 'Id'): SObjectRecord | undefined {
    const wanted = field === 'Id' ? caseSafeId(value) : value;
    return this.all(name).find((row) => String(row[field] ?? '') === wanted);
  }

  insert(name: string, fields: SObjectRecord): string {
    const id = caseSafeId(freshId(keyPrefix(name)));
    (this.rows[name] ??= []).push({ ...withoutAttributes(fields), Id: id });
    return id;
  }

  update(row: SObjectRecord, fields: SObjectRecord): void {
    const { Id: _id, ...rest } = withoutAttributes(fields);
    Object.assign(row, rest);
  }

  remove(name: string, row: SObjectRecord): void {
    const rows = this.rows[name];
    const index = rows?.indexOf(row) ?? -1;
    if (!rows || index < 0) return;
    rows.splice(index, 1);
    this.#deleted.set(name, [...(this.#deleted.get(name) ?? []), { ...row, IsDeleted: true }]);
  }
}

function withoutAttributes(fields: SObjectRecord): SObjectRecord {
  const { attributes: _attributes, ...rest } = fields;
  return rest;
}
