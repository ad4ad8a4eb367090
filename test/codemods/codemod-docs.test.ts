import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { transform as addExpiryBuffer } from '../../codemods/add-expiry-buffer';
import { transform as fetchToRefreshAware } from '../../codemods/fetch-to-refresh-aware';
import { transform as secretsToEnv } from '../../codemods/secrets-to-env';

it.each([
  ['add-expiry-buffer', addExpiryBuffer],
  ['fetch-to-refresh-aware', fetchToRefreshAware],
  ['secrets-to-env', secretsToEnv],
])('the page of %s shows what it does', (name, transform) => {
  const page = readFileSync(join(import.meta.dirname, `../../docs/codemods/${name}.md`), 'utf8');
  const [before, after] = [...page.matchAll(/```js\n([^]*?)```/g)].map((block) => block[1]!);
  expect(transform({ path: 'src/example.js', source: before! }, {}).output).toBe(after);
});
