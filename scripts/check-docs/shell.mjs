// Commands in sh blocks and in workflows: they parse, their programs are known, and so are the options of the tools that we know.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../..', import.meta.url));

/** Their options are their own affair. */
const PROGRAMS = new Set(['cat', 'cd', 'cp', 'diff', 'export', 'gh', 'git', 'jq', 'mkdir', 'multi-gitter', 'openssl', 'read', 'sed', 'set', 'sort', 'test', 'uniq', 'wc']);
/** npm's commands that the pages use; those of a project stand in its package.json. */
const NPM = new Set(['ci', 'install', 'pack', 'run', 'start', 'test']);

const helpOf = (...args) => spawnSync(process.execPath, [...args, '--help'], { encoding: 'utf8' }).stdout;
const optionsIn = (text) => new Set(text.match(/(?<![\w-])--?[a-z][\w-]*/g));
/** Our tools, and where their --help is; `any`: words that begin like an option may be for a transform. */
const TOOLS = {
  'salesforce-auth': () => ({ options: optionsIn(helpOf(join(home, 'dist/cli.cjs'))), verbs: ['migrate', 'check', 'login', 'doctor'] }),
  'salesforce-auth-client': () => ({ options: optionsIn(helpOf(join(home, 'runtime/dist/cli.cjs'))), verbs: ['login', 'doctor'] }),
  eslint: () => ({ options: optionsIn(helpOf(join(home, 'node_modules/eslint/bin/eslint.js'))) }),
  jscodeshift: () => ({ options: new Set([...optionsIn(helpOf(join(home, 'node_modules/jscodeshift/bin/jscodeshift.js'))), ...tool('salesforce-auth').options]) }),
};
const known = new Map();
function tool(name) {
  if (!known.has(name)) known.set(name, TOOLS[name]());
  return known.get(name);
}

/** Lines that belong together, with the number of the first: continued by a backslash, or inside of quotes or a compound command. */
export function statements(text) {
  const found = [];
  let open;
  text.split('\n').forEach((line, index) => {
    open = open ? { ...open, text: `${open.text}\n${line}` } : { line: index + 1, text: line };
    if (/\\$/.test(line) || !parses(open.text)) return;
    if (/^\s*[^#\s]/.test(open.text)) found.push(open);
    open = undefined;
  });
  if (open?.text.trim()) found.push(open);
  return found;
}

function parses(text) {
  return spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).status === 0;
}

/** The commands of a statement, as words; of `for`, `while` and `if` only what they run. */
function commandsIn(text) {
  const commands = [[]];
  // A quoted part, an operator, a comment, or a run of other characters.
  const part = /\s+#.*|^#.*|\\\n|(?<operator>&&|\|\||[|;&()\n])|(?<word>(?:\$\([^()]*\)|'[^']*'|"(?:\\.|[^"])*"|\\.|[^\s|;&()'"\\])+)|\s+/gm;
  for (const { groups } of text.matchAll(part)) {
    if (groups.operator) commands.push([]);
    else if (groups.word) commands.at(-1).push(groups.word.replace(/^(['"])(.*)\1$/s, '$2'));
  }
  return commands
    .map((words) => (/^(?:do|then|else|if|while|!)$/.test(words[0]) ? words.slice(1) : words))
    .map((words) => words.filter((word, index) => !/^(?:\d*[<>]|\d*>&)/.test(word) && !/^\d*>>?$/.test(words[index - 1] ?? '')))
    .map((words) => words.slice(words.findIndex((word) => !/^\w+=/.test(word))))
    .filter((words) => words.length > 0 && !/^(?:for|done|fi|\w+=.*)$/.test(words[0]));
}

/**
 * @param file the page, whose package.json has the scripts that `npm run` names
 * @returns {{ line: number, what: string }[]} lines counted from 1
 */
export function shellProblems(text, file) {
  return statements(text).flatMap((statement) => {
    if (!parses(statement.text)) return [{ line: statement.line, what: 'bash does not parse this' }];
    return commandsIn(statement.text).map((words) => problemOf(words, file)).filter(Boolean).map((what) => ({ line: statement.line, what }));
  });
}

function problemOf([program, ...words], file) {
  if (program === 'npx') return problemOfNpx(words);
  if (program === 'npm') return problemOfNpm(words, file);
  if (program === 'node') return problemOfNode(words, file);
  return PROGRAMS.has(program) ? undefined : `${program} is no command that check-docs knows`;
}

function problemOfNpx(words) {
  let tool = 0;
  while (words[tool]?.startsWith('-')) tool += words[tool] === '--package' ? 2 : 1;
  if (TOOLS[words[tool]]) return problemOfTool(words[tool], words.slice(tool + 1));
  // One of ours, of which the pages use little.
  return existsSync(join(home, 'node_modules/.bin', words[tool])) ? undefined : `npx ${words[tool]}: no tool that check-docs knows`;
}

function problemOfTool(name, words) {
  const { options, verbs } = tool(name);
  if (verbs && !verbs.includes(words[0]) && !words[0]?.startsWith('-')) return `${name} has no command ${words[0]}`;
  const unknown = words.map((word) => word.split('=')[0]).find((word) => /^--?[a-z]/.test(word) && !options.has(word));
  if (unknown) return `${name} has no option ${unknown}`;
  const transform = words.find((word) => word.startsWith('node_modules/eslint-plugin-salesforce-auth/'));
  return transform && !existsSync(join(home, transform.replace('node_modules/eslint-plugin-salesforce-auth', ''))) ? `there is no ${transform}` : undefined;
}

function problemOfNpm([command, ...words], file) {
  if (!NPM.has(command)) return `npm ${command} is no command that check-docs knows`;
  const script = command === 'run' ? words[0] : ['start', 'test'].includes(command) ? command : undefined;
  if (!script) return undefined;
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
  return Object.hasOwn(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts ?? {}, script) ? undefined : `package.json has no script ${script}`;
}

/** Scripts of this repository, those that the page has its reader save, and the command line by its path. */
function problemOfNode(words, file) {
  const script = words.find((word) => !word.startsWith('-'))?.replace(/^\$OLDPWD\//, '').replace(/^(?:tools\/)?node_modules\/eslint-plugin-salesforce-auth\//, '');
  if (script === undefined || /Save (?:this )?as `([^`]*)`/.exec(readFileSync(file, 'utf8'))?.[1] === script) return undefined;
  if (!existsSync(join(home, script))) return `there is no ${script}`;
  return script === 'dist/cli.cjs' ? problemOfTool('salesforce-auth', words.slice(1)) : undefined;
}
