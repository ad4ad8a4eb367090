import { randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const ALPHANUMERIC = LETTERS + LETTERS.toLowerCase() + DIGITS;

/** Random text over an alphabet. */
export function randomText(length: number, alphabet: string = ALPHANUMERIC): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * The three characters that make a 15-character id safe where case is ignored: one bit per character,
 * set for an upper-case letter.
 * https://salesforce.stackexchange.com/questions/1653/what-are-salesforce-ids-composed-of
 */
export function caseSafeId(id: string): string {
  if (id.length !== 15) return id;
  const symbols = LETTERS + '012345';
  let suffix = '';
  for (let start = 0; start < 15; start += 5) {
    let bits = 0;
    for (let offset = 0; offset < 5; offset += 1) {
      const character = id[start + offset] ?? '';
      if (LETTERS.includes(character)) bits |= 1 << offset;
    }
    suffix += symbols[bits];
  }
  return id + suffix;
}

/** A fresh 15-character id: key prefix, pod, reserved zeros, counter. */
export function freshId(prefix: string): string {
  return prefix + randomText(2, LETTERS.toLowerCase()) + '00000' + randomText(5);
}

const KEY_PREFIXES: Record<string, string> = { Account: '001', Contact: '003', User: '005', Opportunity: '006', Lead: '00Q', Case: '500', Task: '00T' };

/** The key prefix of an object; `a00` for custom and unknown ones. */
export function keyPrefix(objectName: string): string {
  return KEY_PREFIXES[objectName] ?? 'a00';
}
