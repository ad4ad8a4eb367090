import { describe, expect, it } from 'vitest';
import { distance } from '../../analysis/spelling';

describe('distance', () => {
  it.each([
    ['bearer', 'bearer', 0],
    ['barer', 'bearer', 1],
    ['bearrer', 'bearer', 1],
    ['beater', 'bearer', 1],
    ['baerer', 'bearer', 1],
    ['authorisaton', 'authorization', 2],
    ['', 'abc', 3],
  ])('from %s to %s is %i', (one, other, expected) => {
    expect(distance(one, other)).toBe(expected);
    expect(distance(other, one)).toBe(expected);
  });
});
