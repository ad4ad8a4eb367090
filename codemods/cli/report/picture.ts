/** The flow of the tokens as a picture: three columns of boxes, bands as wide as tokens are many. */
import type { Flow } from './model';
import { html, type Markup } from './markup';

type Column = 'obtained' | 'used' | 'handled';

const COLUMNS: readonly (readonly [Column, string])[] = [['obtained', 'obtained from'], ['used', 'sent by'], ['handled', 'rejection handled by']];
/** Boxes in a column; the rarest share the last one. */
const MOST_BOXES = 8;
const LINE = 15;
const GAP = 10;
const HEAD = 24;

interface Box {
  name: string;
  tokens: number;
  y: number;
  height: number;
  lines: string[];
  /** How far down its two sides are taken by bands. */
  left: number;
  right: number;
}

/** A width in CSS pixels, at which its letters have the size of the text around. */
export function flowPicture(flows: readonly Flow[], width: number, className: string): Markup {
  const boxWidth = Math.round(width * 0.27);
  const distance = (width - 3 * boxWidth) / 2;
  const total = flows.reduce((sum, { tokens }) => sum + tokens, 0);
  const perToken = Math.min(16, 260 / total);
  const columns = COLUMNS.map(([column]) => boxesOf(flows, column, Math.floor((boxWidth - 14) / 6.7), perToken));
  const height = HEAD + Math.max(...columns.map((boxes) => boxes.reduce((sum, box) => sum + box.height + GAP, 0)));
  const x = (index: number) => index * (boxWidth + distance);
  const bands = [0, 1].flatMap((index) =>
    flows.map((flow) => {
      const [from, to] = [boxOf(columns[index]!, flow[COLUMNS[index]![0]]), boxOf(columns[index + 1]!, flow[COLUMNS[index + 1]![0]])];
      const thick = flow.tokens * perToken;
      const [y1, y2] = [from.y + from.right, to.y + to.left];
      from.right += thick;
      to.left += thick;
      return band(x(index) + boxWidth, y1, x(index + 1), y2, thick, flow.outlook);
    }),
  );
  return html`<svg class="${className}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The way of each token: obtained from, sent by, rejection handled by. The list below says the same.">
${COLUMNS.map(([, title], index) => words([title], x(index), 12, 'head', boxWidth))}${bands}
${columns.map((boxes, index) => boxes.map((box) => html`<rect class="box" x="${x(index)}" y="${box.y}" width="${boxWidth}" height="${box.height}" rx="4"/>${words(box.lines, x(index) + 7, box.y + 15, 'label')}`))}
</svg>`;
}

function boxesOf(flows: readonly Flow[], column: Column, letters: number, perToken: number): Box[] {
  const tokens = new Map<string, number>();
  for (const flow of flows) tokens.set(flow[column], (tokens.get(flow[column]) ?? 0) + flow.tokens);
  const named = [...tokens].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const rest = named.length > MOST_BOXES ? named.splice(MOST_BOXES - 1) : [];
  if (rest.length > 0) named.push([`${rest.length} others`, rest.reduce((sum, [, n]) => sum + n, 0)]);
  let y = HEAD;
  return named.map(([name, n]) => {
    const lines = [...wrap(name, letters), String(n)];
    const height = Math.max(lines.length * LINE + 8, n * perToken);
    const box = { name, tokens: n, y, height, lines, left: 0, right: 0 };
    y += height + GAP;
    return box;
  });
}

function boxOf(boxes: readonly Box[], name: string): Box {
  return boxes.find((box) => box.name === name) ?? boxes.at(-1)!;
}

/** Lines of at most so many letters; a word that is longer is broken. */
function wrap(text: string, letters: number): string[] {
  const lines: string[] = [];
  const pieces = text.split(/(?<=[-/])|\s+/).flatMap((word) => word.match(new RegExp(`.{1,${letters}}`, 'gu')) ?? []);
  for (const piece of pieces) {
    const last = lines.at(-1);
    const joined = last === undefined ? '' : /[-/]$/.test(last) ? last + piece : `${last} ${piece}`;
    if (last !== undefined && joined.length <= letters) lines[lines.length - 1] = joined;
    else lines.push(piece);
  }
  return lines;
}

function band(x1: number, y1: number, x2: number, y2: number, thick: number, outlook: Flow['outlook']): Markup {
  const middle = (x1 + x2) / 2;
  const curve = (fromY: number, to: number, toY: number) => `C${middle} ${fromY} ${middle} ${toY} ${to} ${toY}`;
  return html`<path class="band ${outlook}" d="M${x1} ${y1}${curve(y1, x2, y2)}V${y2 + thick}${curve(y2 + thick, x1, y1 + thick)}Z"/>`;
}

function words(lines: readonly string[], x: number, y: number, className: string, width?: number): Markup {
  // A head that is wider than its column is drawn closer.
  const fit = width !== undefined && lines[0]!.length * 6.7 > width ? html` textLength="${width}" lengthAdjust="spacingAndGlyphs"` : '';
  return html`<text class="${className}" y="${y}"${fit}>${lines.map((line, index) => html`<tspan x="${x}"${index === 0 ? '' : html` dy="${LINE}"`}>${line}</tspan>`)}</text>`;
}

/** Parts of a whole, as one bar; widths only, so it takes any width. */
export function bar(parts: readonly (readonly [name: string, n: number])[], label: string): Markup {
  const total = parts.reduce((sum, [, n]) => sum + n, 0);
  let x = 0;
  const rects = parts.map(([name, n]) => {
    const width = (100 * n) / total;
    const rect = html`<rect class="${name}" x="${x}" y="0" width="${width}" height="10"/>`;
    x += width;
    return rect;
  });
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${label}">${rects}</svg>`;
}
