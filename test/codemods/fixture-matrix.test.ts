/** The shapes of code that fetch-to-refresh-aware has fixtures for, and why it has none of the others. */
import { describe, expect, it } from 'vitest';
import { fixturesOf } from './codemod.support';

const MODULES = ['esm', 'cjs', 'mixed', 'ts', 'tsx', 'flow'] as const;
const STYLES = ['await', 'then', 'callback'] as const;
const EXTENSIONS: Readonly<Record<(typeof MODULES)[number], string>> = { esm: 'mjs', cjs: 'js', mixed: 'js', ts: 'ts', tsx: 'tsx', flow: 'js' };

interface Row {
  /** Why cells have no fixture: by way to load modules, by way to call, or by both. */
  none?: Readonly<Record<string, string>>;
  /** Why the client is marked and never rewritten: its cells have the marked fixture alone. */
  neverMigrated?: string;
}

const CALLED_AS_AXIOS = 'the client is made elsewhere than it is called, and called as axios is: see axios';
const STREAM = 'without a callback it gives a stream, no promise';

/** By client. A `callback` is the library's own where it has one, else one of the program's behind a promise. */
const ROWS: Readonly<Record<string, Row>> = {
  fetch: {},
  'node-fetch': {},
  'cross-fetch': {},
  undici: {},
  axios: {},
  'axios-instance': { none: { then: CALLED_AS_AXIOS, callback: CALLED_AS_AXIOS } },
  'axios-factory': { none: { await: CALLED_AS_AXIOS, callback: CALLED_AS_AXIOS } },
  'axios-class': { none: { then: CALLED_AS_AXIOS, callback: CALLED_AS_AXIOS } },
  request: { none: { await: STREAM, then: STREAM } },
  'request-promise': {},
  requestretry: {},
  got: { none: { cjs: 'require() gives got before version 12, which is marked: got-before-12' } },
  superagent: {},
  'superagent-agent': { none: { then: 'its requests are those of superagent', callback: 'its requests are those of superagent' } },
  'graphql-request': {},
  jsforce: {},
  https: { neverMigrated: 'a request of Node is a stream to be written to', none: { await: 'it has no promise', then: 'it has no promise' } },
  nforce: { neverMigrated: 'it has no flow that renews by itself without a refresh token' },
};

const cells = Object.entries(ROWS).flatMap(([client, row]) =>
  MODULES.flatMap((modules) => STYLES.map((style) => ({ client, row, modules, style, name: `${client}-${modules}-${style}.${EXTENSIONS[modules]}` }))));
const reasonOf = ({ row, modules, style }: (typeof cells)[number]) => row.none?.[`${modules}-${style}`] ?? row.none?.[modules] ?? row.none?.[style];

const fixtures = fixturesOf('fetch-to-refresh-aware');
const names = new Set(fixtures.map(({ name }) => name));

describe('the fixtures of fetch-to-refresh-aware', () => {
  it.each(cells.filter((cell) => !reasonOf(cell)))('have $name, and the twin that must not be rewritten', ({ name, row }) => {
    expect(names).toContain(`marked/${name}`);
    expect(names.has(`migrated/${name}`)).toBe(!row.neverMigrated);
  });

  it('have no cell that the table says there is none of', () => {
    for (const cell of cells.filter(reasonOf)) expect([names.has(`migrated/${cell.name}`), names.has(`marked/${cell.name}`)], cell.name).toEqual([false, false]);
  });

  it('are written as their names say', () => {
    for (const { modules, name, style } of cells) {
      for (const { input } of fixtures.filter((fixture) => fixture.name.endsWith(`/${name}`))) {
        const [imports, requires] = [/^import /m.test(input), /\brequire\(/.test(input)];
        if (modules === 'cjs') expect([imports, /^export /m.test(input)], name).toEqual([false, false]);
        if (modules === 'mixed') expect([imports || /^export /m.test(input), requires], name).toEqual([true, true]);
        if (modules === 'esm' || modules === 'ts' || modules === 'tsx') expect(requires, name).toBe(false);
        expect(input.startsWith('// @flow'), name).toBe(modules === 'flow');
        if (modules === 'tsx') expect(input, name).toContain('</');
        if (style === 'await') expect(input, name).toContain('await ');
        if (style === 'callback') expect(input, name).toContain('done');
      }
    }
  });
});
