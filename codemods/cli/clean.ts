/**
 * A text as one line that a terminal and a page show as it is: a file name may hold control characters, which a terminal
 * would obey, and those that turn the direction of writing, behind which a name hides another.
 */
export function clean(text: string): string {
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, '?');
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
