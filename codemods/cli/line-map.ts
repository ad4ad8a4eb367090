/** Where the lines of one text stand in another: a transform sees the lines that the one before left, a report names those of the file. */

/** Gives the 1-based line of `to` that a 1-based line of `from` became. A changed line has the place of what it was changed to. */
export function lineMap(from: string, to: string): (line: number) => number {
  if (from === to) return (line) => line;
  const a = from.split(/\r?\n/);
  const b = to.split(/\r?\n/);
  const partner = partners(a, b);
  return (line) => {
    let at = Math.min(line, a.length) - 1;
    const exact = partner[at];
    if (exact !== undefined) return exact + 1;
    // As far below the last line that stayed, but above the next that did.
    const next = partner.slice(at).find((one) => one !== undefined) ?? b.length;
    let below = 0;
    for (; at >= 0 && partner[at] === undefined; at--) below++;
    const before = at < 0 ? -1 : partner[at]!;
    return Math.max(Math.min(before + below, next - 1), before, 0) + 1;
  };
}

/** Myers' shortest edit script: for each line of `a` the index of the same line in `b`. Codemods change few lines, so it ends early. */
function partners(a: readonly string[], b: readonly string[]): (number | undefined)[] {
  const result = new Array<number | undefined>(a.length).fill(undefined);
  const furthest = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let edits = 0; edits <= a.length + b.length; edits++) {
    steps.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = comesFromAbove(furthest, diagonal, edits) ? furthest.get(diagonal + 1)! : furthest.get(diagonal - 1)! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(steps, a.length, b.length, result);
    }
  }
  return result;
}

function comesFromAbove(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && furthest.get(diagonal - 1)! < furthest.get(diagonal + 1)!);
}

function walkBack(steps: readonly ReadonlyMap<number, number>[], x: number, y: number, result: (number | undefined)[]): (number | undefined)[] {
  for (let edits = steps.length - 1; edits >= 0; edits--) {
    const furthest = steps[edits]!;
    const diagonal = x - y;
    const previous = comesFromAbove(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const startX = edits === 0 ? 0 : furthest.get(previous)!;
    const startY = edits === 0 ? 0 : startX - previous;
    for (; x > startX && y > startY; x--, y--) result[x - 1] = y - 1;
    x = startX;
    y = startY;
  }
  return result;
}
