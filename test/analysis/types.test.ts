import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import rule from '../../rules/no-soap-login';

const parser = createRequire(import.meta.url)('@typescript-eslint/parser') as Linter.Parser;

/** A small project: two packages that both have a `Connection`, and a file that makes connections for the others. */
const PROJECT = {
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: true, types: [] }, include: ['src'] }),
  'node_modules/jsforce/package.json': JSON.stringify({ name: 'jsforce', version: '3.0.0', types: 'index.d.ts' }),
  'node_modules/jsforce/index.d.ts': 'export class Connection<S = unknown> { login(user: string, password: string): Promise<S>; }',
  'node_modules/other-crm/package.json': JSON.stringify({ name: 'other-crm', version: '1.0.0', types: 'index.d.ts' }),
  'node_modules/other-crm/index.d.ts': 'export class Connection { login(user: string, password: string): Promise<void>; query(text: string): void; }',
  'src/salesforce.ts': `
    import { Connection } from 'jsforce';
    import { Connection as Other } from 'other-crm';
    export class OwnConnection extends Connection {}
    export interface Services { conn: Connection; maybe: Connection | undefined; own: OwnConnection; other: Other }
    export declare function services(): Services;
  `,
};

const FILE = 'src/sync.ts';
const HEAD = "import { services, type Services } from './salesforce.js'; // Salesforce\n";

describe('with a TypeScript program', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'types-'));
    for (const [path, text] of Object.entries({ ...PROJECT, [FILE]: '' })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  function messages(code: string, typed = true): string[] {
    const text = HEAD + code;
    writeFileSync(join(root, FILE), text);
    return new Linter({ cwd: root })
      .verify(
        text,
        {
          files: ['**/*.ts'],
          languageOptions: { parser, parserOptions: typed ? { project: './tsconfig.json', tsconfigRootDir: root, disallowAutomaticSingleRunInference: true } : {} },
          plugins: { own: { rules: { [rule.name]: rule as never } } },
          rules: { 'own/no-soap-login': 'error' },
        },
        { filename: join(root, FILE) },
      )
      .map(({ message }) => message);
  }

  it.each([
    ['injected', 'export const start = ({ conn }: Services, a: string, b: string) => conn.login(a, b);'],
    ['made elsewhere', 'export const start = (a: string, b: string) => services().conn.login(a, b);'],
    ['of a class derived from it', 'export const start = (a: string, b: string) => services().own.login(a, b);'],
    ['that may be missing', 'export const start = (a: string, b: string) => services().maybe?.login(a, b);'],
    ['as a bound of a type parameter', "export const start = <T extends Services['conn']>(c: T, a: string, b: string) => c.login(a, b);"],
  ])('a connection %s is found by its type, as a proof', (_name, code) => {
    const found = messages(code);
    expect(found).toHaveLength(1);
    expect(found[0]).not.toContain('judged by name and use');
    expect(messages(code, false), 'names alone do not give it away').toEqual([]);
  });

  it('a Connection of another package is none, whatever it is called and used like', () => {
    const code = 'export const start = ({ other: conn }: Services, username: string, password: string) => { conn.query("x"); return conn.login(username, password); };';
    expect(messages(code)).toEqual([]);
    expect(messages(code, false), 'names and use alone look like it').toHaveLength(1);
  });

  it('any says nothing: names and use decide', () => {
    const code = 'export const start = (sfConn: any, username: string, password: string) => sfConn.login(username, password);';
    expect(messages(code)).toEqual([expect.stringContaining('judged by name and use')]);
  });
});
