/** What a file costs, counted and not timed: registered handlers, texts searched, nodes visited. */
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../../analysis/scope';
import { buildSource, type Node, type Source } from '../../analysis/source';
import plugin from '../../index';

const rules = Object.entries(plugin.rules);

/** What the rules register for a file, run or not. */
function handlersFor(source: Source, scope?: 'any'): [rule: string, handler: string, run: () => void][] {
  return rules.flatMap(([name, rule]) => {
    const context = { sourceCode: source, settings: scope ? { 'salesforce-auth': { scope } } : {}, options: [], report: () => {} };
    return Object.entries(rule.create(context as never)).map(([handler, run]): [string, string, () => void] => [name, handler, run as () => void]);
  });
}

const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a file without Salesforce', () => {
  const text = `${lines(50, (index) => `if (token${index}.expires_at < Date.now()) fetch(url, { headers: { authorization: 'Bearer ' + token${index} } });`)}\nconsole.log(password, session);`;

  it('has no handler of ours', () => {
    expect(handlersFor(buildSource('file.js', text))).toEqual([]);
  });

  it('has its tree not so much as looked at', () => {
    const ast = new Proxy({}, { get: () => { throw new Error('read'); } });
    expect(handlersFor({ text, ast } as unknown as Source)).toEqual([]);
  });

  it('has handlers where the settings ask for every OAuth client', () => {
    expect(handlersFor(buildSource('file.js', text), 'any').map(([name]) => name)).toContain('require-expiry-buffer');
  });
});

describe('a file with Salesforce', () => {
  const part = (index: number) => `
async function load${index}(limit) {
  if (Date.now() > expiresAt${index}) await conn${index}.login(process.env.SF_USER, process.env.SF_PASSWORD);
  const answer = await fetch(conn${index}.instanceUrl + '/services/data/v60.0/query', { headers: { Authorization: \`Bearer \${token${index}}\` } });
  if (answer.status === 401) return load${index}(limit);
  console.log('loaded', answer.status);
  return answer.json();
}`;
  const program = (parts: number) => `import jsforce from 'jsforce';\n${lines(parts, (index) => `const conn${index} = new jsforce.Connection({}); let token${index}, expiresAt${index} = 0;`)}\n${lines(parts, part)}`;

  const nodesIn = (source: Source, node: Node): number => childrenOf(source, node).reduce((sum, child) => sum + nodesIn(source, child), 1);

  /** How often the children of a node were looked at, per node of the file. */
  function visitsPerNode(text: string): number {
    const source = buildSource('file.js', text);
    let visits = 0;
    const visitorKeys = new Proxy(source.visitorKeys, { get: (keys, type) => (visits++, Reflect.get(keys, type)) });
    const watched = Object.create(source, { visitorKeys: { value: visitorKeys } }) as Source;
    for (const [, , run] of handlersFor(watched)) run();
    return visits / nodesIn(source, source.ast);
  }

  it('has handlers at its end only, none of which ESLint calls per node', () => {
    const found = handlersFor(buildSource('file.js', program(1)));
    expect(found.length).toBeGreaterThan(10);
    expect(new Set(found.map(([, handler]) => handler))).toEqual(new Set(['Program:exit']));
  });

  it('has its nodes visited a few times, however long it is', () => {
    const [short, long] = [visitsPerNode(program(5)), visitsPerNode(program(40))];
    expect(short).toBeLessThan(6);
    expect(long).toBeLessThan(short * 1.5);
  });
});
