/** Which names a file already uses. */
import type { Source } from '../analysis/source';

/** Names bound in any scope; each as often as it is bound. */
function boundNames(source: Source): string[] {
  const scopes = source.scopeManager?.scopes ?? [];
  return scopes.flatMap(({ variables }) => variables.filter(({ defs }) => defs.length > 0).map(({ name }) => name));
}

/** Whether `name` is bound in more than one scope, so that it may mean something else where it is needed. */
export const isShadowed = (source: Source, name: string): boolean => boundNames(source).filter((bound) => bound === name).length > 1;

/** The first free name of `name`, `prefer`, `name2`, `name3` ...: bound in no scope and referenced nowhere, not even as a global. */
export function freeName(source: Source, name: string, prefer?: string): string {
  const taken = new Set(boundNames(source));
  for (const scope of source.scopeManager?.scopes ?? []) for (const { identifier } of scope.references) taken.add(String(identifier.name));
  // JSX names are no references to every scope analysis.
  for (const { type, value } of source.ast.tokens) if (type === 'JSXIdentifier') taken.add(value);
  for (const candidate of [name, ...(prefer ? [prefer] : [])]) if (!taken.has(candidate)) return candidate;
  let count = 2;
  while (taken.has(name + count)) count++;
  return name + count;
}
