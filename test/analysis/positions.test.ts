import { describe, expect, it } from 'vitest';
import { modelOf } from '../../analysis/file';
import { positionsOf, positionsOfNodes } from '../../analysis/positions';
import { buildSource } from '../../analysis/source';

const CODE = "first('sid'); second('x', sid.y); third('resident');";
const file = modelOf(buildSource('case.js', CODE));
const [first, second, third] = file.all('CallExpression');

describe('Positions', () => {
  it('say what stands inside a node', () => {
    const sid = positionsOf(CODE, /\bsid\b/g);
    expect([first, second, third].map((call) => sid.isAnyIn(call!))).toEqual([true, true, false]);
  });

  it('say it of nodes, in whatever order they come', () => {
    const members = positionsOfNodes([...file.all('MemberExpression'), ...file.all('Literal')].reverse());
    expect([first, second, third].map((call) => members.isAnyIn(call!))).toEqual([true, true, true]);
    expect(positionsOfNodes(file.all('MemberExpression')).isAnyIn(first!)).toBe(false);
    expect(positionsOfNodes([]).isAnyIn(first!)).toBe(false);
  });
});
