// What the runtime shows to its users must stand in its documentation: exports and environment variables in api.md, error
// codes in errors.md, events in events.md. Used by check-docs.mjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RUNTIME = 'runtime';
const PAGES = 'docs/runtime';

/** @returns one problem per name that its page does not have */
export function undocumentedNames(root) {
  if (!existsSync(join(root, PAGES, 'api.md'))) return [];
  const source = (file) => readFileSync(join(root, RUNTIME, file), 'utf8');
  const sources = readdirSync(join(root, RUNTIME), { recursive: true }).filter((file) => /^(?!dist|node_modules|testing).*\.ts$/.test(file));
  const shown = {
    'api.md': [
      ...[...source('index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) => names.split(',').map((name) => name.trim())).filter(Boolean),
      ...new Set(sources.flatMap((file) => source(file).match(/\bSALESFORCE_[A-Z_]+\b/g) ?? [])),
    ],
    'errors.md': [.../SalesforceAuthErrorCode =([^;]*);/.exec(source('errors.ts'))[1].matchAll(/'(\w+)'/g)].map(([, code]) => code),
    'events.md': [.../const names = \[([^\]]*)\]/.exec(source('events.ts'))[1].matchAll(/'([\w.]+)'/g)].map(([, name]) => name),
  };
  return Object.entries(shown).flatMap(([page, names]) => {
    const text = readFileSync(join(root, PAGES, page), 'utf8');
    return names
      .filter((name) => !new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(text))
      .map((name) => `${PAGES}/${page}  does not say what ${name} is`);
  });
}
