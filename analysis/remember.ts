/** The same test, with its last answer: every rule and transform asks about one file's text in turn, and in that test is most of what a file costs us. */
export function rememberText(test: (text: string) => boolean): (text: string) => boolean {
  let last: string | undefined;
  let answer = false;
  return (text) => {
    if (text !== last) answer = test((last = text));
    return answer;
  };
}

/** What is said of names again and again: a repository has few of them, and each file asks about them in many places. */
const MOST_NAMES = 20_000;

/** The same function, which works out each name's answer once. */
export function rememberNames<T>(answer: (name: string) => T): (name: string) => T {
  // An object, whose keys are texts of their own: a name that is cut out of a file would keep the whole file in memory.
  let known: Record<string, T> = Object.create(null);
  let count = 0;
  return (name) => {
    const found = known[name];
    if (found !== undefined || name in known) return found as T;
    if (++count > MOST_NAMES) {
      known = Object.create(null);
      count = 1;
    }
    return (known[name] = answer(name));
  };
}
