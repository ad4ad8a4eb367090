/**
 * Cases for rules, as code with the places that must be reported marked in it:
 * `⟦…⟧` around SOAP login, `⟪…⟫` around the password grant. A case without marks must stay silent under both rules.
 */

export interface Case {
  name: string;
  code: string;
  /** What reads the code: `js` (the default) goes through espree and typescript-eslint, the others through their own parser. */
  lang?: 'js' | 'jsx' | 'ts' | 'flow';
  /** What the messages of this case's places say beyond the usual. */
  says?: Says;
}

export interface Says {
  /** The library that the message names; `jsforce` when left out. */
  library?: string;
  /** The whole remark in the message, between its brackets. */
  note?: string;
  /** The message and the API version in it, where the login is broken already. */
  broken?: { because: 'notInThisVersion' | 'retiredVersion'; version: number };
}

export interface Span {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type Kind = 'soap-login' | 'password-grant';

const MARKS: Record<Kind, readonly [open: string, close: string]> = { 'soap-login': ['⟦', '⟧'], 'password-grant': ['⟪', '⟫'] };

/** Takes the common indentation off a template literal, and the line breaks around it. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').replace(/\n[ \t]*$/, '').split('\n');
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(margin)).join('\n');
}

/** The code without its marks, and the marked places by kind. */
export function readMarks(marked: string): { code: string; places: Record<Kind, Span[]> } {
  const places: Record<Kind, Span[]> = { 'soap-login': [], 'password-grant': [] };
  let code = '';
  let line = 1;
  let column = 1;
  const open: { kind: Kind; line: number; column: number }[] = [];
  for (const char of dedent(marked)) {
    const opened = (Object.keys(MARKS) as Kind[]).find((kind) => MARKS[kind][0] === char);
    const closed = (Object.keys(MARKS) as Kind[]).find((kind) => MARKS[kind][1] === char);
    if (opened) open.push({ kind: opened, line, column });
    else if (closed) {
      const start = open.pop();
      if (start?.kind !== closed) throw new Error(`Marks do not pair up in: ${marked}`);
      places[closed].push({ line: start.line, column: start.column, endLine: line, endColumn: column });
    } else {
      code += char;
      column += char.length;
      if (char === '\n') [line, column] = [line + 1, 1];
    }
  }
  if (open.length > 0) throw new Error(`A mark is left open in: ${marked}`);
  return { code, places };
}
