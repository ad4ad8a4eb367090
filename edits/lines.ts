/** Lines as offsets into a text, whichever line ending it uses. */

const isBreak = (char: string | undefined): boolean => char === '\n' || char === '\r';

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text[at - 1])) at--;
  return at;
}

/** Offset of the line break (or the end of the text) that ends the line holding `offset`. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text[at])) at++;
  return at;
}

/** Offset behind the one line break that stands at `offset`; `offset` itself when none does. */
export function skipBreak(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return offset + 2;
  return isBreak(text[offset]) ? offset + 1 : offset;
}

/** Offset before the one line break that ends at `offset`. */
export function skipBreakBack(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset - 2)) return offset - 2;
  return isBreak(text[offset - 1]) ? offset - 1 : offset;
}

/** Offset of the first space or tab of the run that ends at `offset`. */
export function skipSpacesBack(text: string, offset: number): number {
  let at = offset;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return at;
}

/** Whether only white space stands before `offset` on its line. */
export const startsLine = (text: string, offset: number): boolean => text.slice(lineStart(text, offset), offset).trim() === '';

/** Whether only white space stands behind `offset` on its line. */
export const endsLine = (text: string, offset: number): boolean => text.slice(offset, lineEnd(text, offset)).trim() === '';

/** Leading white space of the line that holds `offset`. */
export function indentAt(text: string, offset: number): string {
  return /^[^\S\r\n]*/.exec(text.slice(lineStart(text, offset), lineEnd(text, offset)))![0];
}
