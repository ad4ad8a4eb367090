/** What is said of names again and again: a repository has few of them, and each file asks about them in many places. */
const MOST_NAMES = 20_000;

/** The same function, which works out each name's answer once. */
export function rememberNames<T>(answer: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let found = known.get(name);
    if (found !== undefined || known.has(name)) return found as T;
    found = answer(name);
    if (known.size >= MOST_NAMES) known.clear();
    known.set(name, found);
    return found;
  };
}
