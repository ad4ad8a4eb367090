/** The analysis as rules and codemods read it: one answer per file, worked out on first use. */
import { clients } from './clients';
import { modelOf, type FileModel } from './file';
import { concernsUs } from './relevance';
import type { Login } from './shapes';
import type { Source } from './source';

const loginsByModel = new WeakMap<FileModel, readonly Login[]>();

/** Every login with a username and password in a file, in source order, one per place. */
export function loginsIn(source: Source): readonly Login[] {
  if (!concernsUs(source.text)) return [];
  const file = modelOf(source);
  let logins = loginsByModel.get(file);
  if (!logins) {
    const byStart = new Map<number, Login>();
    for (const client of clients) {
      for (const login of client.logins(file)) if (!byStart.has(login.node.range[0])) byStart.set(login.node.range[0], login);
    }
    logins = [...byStart.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
    loginsByModel.set(file, logins);
  }
  return logins;
}

export { concernsUs } from './relevance';
export { modelOf, type FileModel } from './file';
export type { Login } from './shapes';
