/** Which line of the first text a line of a rewritten one comes from: reports point at the code that people know. */

/** Above this many pairs of lines, what lies between the equal head and tail counts as one change. */
const MOST_PAIRS = 4_000_000;

/** Numbers are 1-based. A line that was added belongs to the one that it follows; a changed one to the one in its place. */
export function originalLines(before: string, after: string): (line: number) => number {
  if (before === after) return (line) => line;
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const origins = now.map((_, index) => (index < head ? index : index >= now.length - tail ? index - now.length + old.length : undefined));
  for (const [from, to] of common(old.slice(head, old.length - tail), now.slice(head, now.length - tail))) origins[head + to] = head + from;
  return (line) => {
    let kept = line - 1;
    while (kept >= 0 && origins[kept] === undefined) kept--;
    const anchor = kept < 0 ? -1 : origins[kept]!;
    const next = origins.find((origin, index) => index >= line - 1 && origin !== undefined) ?? old.length;
    // As far below the last kept line, as long as that is above the next one.
    return Math.min(anchor + (line - 1 - kept), Math.max(next - (kept === line - 1 ? 0 : 1), anchor, 0)) + 1;
  };
}

/** Pairs of equal lines, in order, as many as there can be. */
function common(old: readonly string[], now: readonly string[]): [number, number][] {
  if (old.length * now.length > MOST_PAIRS) return [];
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i]![j] = old[i] === now[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
