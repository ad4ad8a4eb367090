import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { transform as addExpiryBuffer } from '../../codemods/add-expiry-buffer';
import { transform as fetchToRefreshAware } from '../../codemods/fetch-to-refresh-aware';
import { transform as secretsToEnv } from '../../codemods/secrets-to-env';
import { transform as soapLoginToOauth } from '../../codemods/soap-login-to-oauth';

it.each([
  ['add-expiry-buffer', addExpiryBuffer],
  ['fetch-to-refresh-aware', fetchToRefreshAware],
  ['secrets-to-env', secretsToEnv],
])('the page of %s shows what it does', (name, transform) => {
  const page = readFileSync(join(import.meta.dirname, `../../docs/codemods/${name}.md`), 'utf8');
  const [before, after] = [...page.matchAll(/```js\n([^]*?)```/g)].map((block) => block[1]!);
  expect(transform({ path: 'src/example.js', source: before! }, {}).output).toBe(after);
});

it('the README shows what soap-login-to-oauth does', () => {
  const [, part] = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('## What it does to your code');
  const [before, after] = [...part!.matchAll(/```js\n([^]*?)```/g)].map((block) => block[1]!);
  expect(soapLoginToOauth({ path: 'src/example.js', source: before! }, {}).output).toBe(after);
});
