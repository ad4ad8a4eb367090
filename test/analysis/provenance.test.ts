import { describe, expect, it } from 'vitest';
import { foreignOrigin, isOwn, originsOf, type Origin } from '../../analysis/provenance';
import { fileOf } from '../support/file';

const origins = (code: string, path?: string): Origin[] => {
  const { file, it: node } = fileOf(code, path);
  return [...originsOf(file, node)].sort();
};

describe('originsOf', () => {
  it.each<[string, string, Origin[]]>([
    ['a literal', `it = 'a';`, ['literal']],
    ['the environment', `it = process.env.A;`, ['environment']],
    ['the environment, imported', `import { env } from 'process'; it = env.A;`, ['environment']],
    ['a concatenation has those of its parts', `it = process.env.A + 'b';`, ['environment', 'literal']],
    ['another file of the application', `it = require('./config').user;`, ['configuration']],
    ['a config library', `import config from 'config'; it = config.get('user');`, ['configuration']],
    ['a file by a fixed name', `const fs = require('fs'); it = JSON.parse(fs.readFileSync('a.json')).user;`, ['configuration']],
    ['a file that the command line names', `const fs = require('fs'); it = JSON.parse(fs.readFileSync(process.argv[2])).user;`, ['command line', 'configuration']],
    ['a caller', `export function f(user) { it = user; }`, ['caller']],
    ["a caller's object", `export function f(options) { it = options.user; }`, ['caller']],
    ['a request', `app.get('/', (req, res) => { it = req.body.user; });`, ['request']],
    ['a part of something that is a request by another name', `app.get('/', (a) => { it = a.query; });`, ['request']],
    ['a prompt', `const inquirer = require('inquirer'); it = inquirer.prompt([]).user;`, ['prompt']],
    ['a page', `it = document.getElementById('user').value;`, ['prompt']],
    ['the command line', `it = process.argv[2];`, ['command line']],
    ['a parser of the command line', `const { program } = require('commander'); it = program.opts().user;`, ['command line']],
    ["an editor's settings", `const vscode = require('vscode'); it = vscode.workspace.getConfiguration().get('user');`, ['user settings']],
    ["a Node-RED node's settings", `module.exports = function (RED) { it = RED.nodes.getNode('x').user; };`, ['user settings']],
    ['an installed package that says nothing', `it = require('left-pad')();`, ['unknown']],
    ['either of two', `export function f(user) { it = user || process.env.A; }`, ['caller', 'environment']],
  ])('%s', (_name, code, expected) => expect(origins(code)).toEqual(expected));
});

describe('whose a value is', () => {
  it("is the application's for literals, the environment and its configuration", () => {
    expect((['literal', 'environment', 'configuration'] as const).every(isOwn)).toBe(true);
    expect((['caller', 'request', 'prompt', 'command line', 'user settings', 'unknown'] as const).some(isOwn)).toBe(false);
  });

  it.each<[string, string, Origin | undefined]>([
    ['all own', `it = process.env.A + 'b';`, undefined],
    ['one foreign', `export function f(user) { it = process.env.A + user; }`, 'caller'],
    ['a known foreigner before an unknown one', `export function f(user) { it = left() + user; }`, 'caller'],
    ['an unknown one', `it = left();`, 'unknown'],
  ])('%s', (_name, code, expected) => {
    const { file, it: node } = fileOf(code);
    expect(foreignOrigin(file, [node])).toBe(expected);
  });
});
