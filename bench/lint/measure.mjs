// What rules cost over parsing and ESLint's own walk, in one process: CPU time, arms in turn on each file.
import * as parser from '@typescript-eslint/parser';
import { Linter, SourceCode } from 'eslint';
import { CONTROL, FLOOR } from './arms.mjs';

const linter = new Linter({ configType: 'flat' });

/**
 * Lints every file with every arm. Each arm gets a tree of its own, since what rules find out is kept with the tree; what
 * parsing costs is the median of all of them.
 * @param files with their path and text
 * @param arms ESLint configurations by name
 * @returns {{ floor: number, extra: Record<string, number>, share: Record<string, number> }} `floor`: parsing and an ESLint without rules,
 * in ms of CPU; `extra`: what an arm adds, in ms; `share`: that over the floor. Sums over the files of the median of the rounds
 */
export function costs(files, arms, rounds) {
  const names = Object.keys(arms);
  const times = files.map(() => ({ parse: [], arms: Object.fromEntries(names.map((name) => [name, []])) }));
  // One round more, which is not counted: the first is spent compiling.
  for (let round = 0; round <= rounds; round++) {
    files.forEach((file, index) => {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + index + round) % names.length];
        const start = cpu();
        const source = parsed(file);
        const read = cpu();
        linter.verify(source, arms[name], { filename: nameFor(file), allowInlineConfig: false });
        if (round === 0) continue;
        times[index].parse.push(read - start);
        times[index].arms[name].push(cpu() - read);
      }
    });
  }
  const total = (pick) => times.reduce((sum, one) => sum + median(pick(one)), 0) / 1000;
  const bare = total(({ arms }) => arms[FLOOR]);
  const floor = total(({ parse }) => parse) + bare;
  const extra = Object.fromEntries(names.filter((name) => name !== FLOOR).map((name) => [name, total(({ arms }) => arms[name]) - bare]));
  return { floor, extra, share: Object.fromEntries(Object.entries(extra).map(([name, ms]) => [name, ms / floor])) };
}

/** What is certain of a share: what the control is off by is the machine's. */
export function certain({ share }, name) {
  return Math.max(0, share[name] - Math.abs(share[CONTROL]));
}

/** Files that the parser reads: the fixtures hold some that none does. */
export function readable(files) {
  return files.filter((file) => {
    try {
      return parsed(file);
    } catch {
      return false;
    }
  });
}

function parsed(file) {
  const { ast, scopeManager, visitorKeys, services } = parser.parseForESLint(file.text, {
    range: true, loc: true, tokens: true, comment: true,
    filePath: nameFor(file), sourceType: 'module', ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(file.path), globalReturn: true },
  });
  return new SourceCode({ text: file.text, ast, scopeManager, visitorKeys, parserServices: services });
}

function nameFor({ path }) {
  return `file${/\.\w+$/.exec(path)[0]}`;
}

/** Microseconds of this process, which nothing else's work adds to. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
