import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as SourceModule from '../../analysis/source';
import { buildSource } from '../../analysis/source';
import { rewriterFor } from '../../codemods/cli/rewrite-file';
import { TRANSFORMS } from '../../codemods/cli/transforms';

vi.mock('../../analysis/source', async (original) => {
  const actual = await original<typeof SourceModule>();
  return { ...actual, buildSource: vi.fn(actual.buildSource) };
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cli-rewrite-'));
  vi.mocked(buildSource).mockClear();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function textsParsed(text: string): Promise<string[]> {
  writeFileSync(join(dir, 'a.js'), text);
  const selected = await Promise.all(Object.entries(TRANSFORMS).map(async ([name, load]) => ({ name, transform: await load() })));
  const { failure } = await rewriterFor(selected, {})({ path: 'a.js', absolute: join(dir, 'a.js') });
  expect(failure).toBeUndefined();
  return vi.mocked(buildSource).mock.calls.map(([, parsed]) => parsed);
}

it('parses a file that stays as it is once for all transforms', async () => {
  const text = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nlet expiresAt = 0;\n";
  expect(await textsParsed(text)).toEqual([text]);
});

it('parses no text twice where a file is rewritten', async () => {
  const parsed = await textsParsed("const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nawait conn.login(process.env.SF_USER, process.env.SF_PASSWORD);\n");
  expect(parsed.length).toBeGreaterThan(1);
  expect(new Set(parsed).size).toBe(parsed.length);
});
