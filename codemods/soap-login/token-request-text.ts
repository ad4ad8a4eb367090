/** The fields of a token request in one text: `grant_type=password&username=${user}&…`, as a body or behind a URL. */
import type { FileModel } from '../../analysis';
import { partsOf } from '../../analysis/pieces';
import { nameOf, unwrap } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { detectStyle, replaceNode, textOf, type Edit } from '../../edits';

/** Fixed text, and the code that stands between. */
type Item = string | Node;

export interface FormText {
  /** The template, literal or concatenation that holds it all. */
  node: Node;
  /** What comes before the fields: the URL, or nothing. */
  before: readonly Item[];
  fields: ReadonlyMap<string, readonly Item[]>;
}

/** Undefined where the names of the fields are not all plain to see. */
export function formText(file: FileModel, start: Node): FormText | undefined {
  let node = start;
  while (node.parent?.type === 'BinaryExpression' && node.parent.operator === '+') node = node.parent;
  if (node.type !== 'Literal' && node.type !== 'TemplateLiteral' && node.type !== 'BinaryExpression') return undefined;
  const items = partsOf(file, node).map((part): Item => ('text' in part ? part.text : part));
  // Written back as they are: nothing that needs an escape, no comment that would be lost.
  if (items.some((item) => typeof item === 'string' && /[\\`'"\n$]/.test(item)) || file.source.getCommentsInside(node).length > 0) return undefined;
  const query = items.findIndex((item) => typeof item === 'string' && item.includes('grant_type='));
  const text = items[query];
  if (typeof text !== 'string') return undefined;
  const at = text.lastIndexOf('?', text.indexOf('grant_type=')) + 1;
  if (at === 0 && query > 0) return undefined;
  const before = at > 0 ? [...items.slice(0, query), text.slice(0, at)] : [];
  const fields = fieldsOf([text.slice(at), ...items.slice(query + 1)]);
  // A field that is kept is written as a text and the code behind it.
  const isPlain = (items: readonly Item[]) => items.length <= 1 || (items.length === 2 && typeof items[0] === 'string');
  const areKept = fields && [...fields].every(([name, value]) => name === 'password' || isPlain(value));
  return areKept ? { node, before, fields } : undefined;
}

function fieldsOf(items: readonly Item[]): Map<string, Item[]> | undefined {
  const all: Item[][] = [[]];
  for (const item of items) {
    if (typeof item !== 'string') all.at(-1)!.push(item);
    else {
      const [first = '', ...others] = item.split('&');
      all.at(-1)!.push(first);
      all.push(...others.map((text) => [text]));
    }
  }
  const fields = new Map<string, Item[]>();
  for (const [first = '', ...rest] of all) {
    const found = typeof first === 'string' ? /^(\w+)=(.*)$/.exec(first) : null;
    if (!found || fields.has(found[1]!)) return undefined;
    fields.set(found[1]!, [...(found[2] ? [found[2]] : []), ...rest].filter((item) => item !== ''));
  }
  return fields;
}

/** The expression of a field that consists of one, without its encoding. */
export function expressionOf(items: readonly Item[] | undefined): Node | undefined {
  const [only, ...others] = items ?? [];
  if (only === undefined || typeof only === 'string' || others.length > 0) return undefined;
  const inner = unwrap(only);
  const isEncoded = inner.type === 'CallExpression' && nameOfCallee(inner.callee) === 'encodeURIComponent';
  return isEncoded && inner.type === 'CallExpression' ? inner.arguments[0] : only;
}

export const nameOfCallee = (callee: Node): string | undefined => (callee.type === 'Identifier' ? callee.name : nameOf(callee));

/** Writes the text anew: `fields` in this order, each a fixed text or code. `host` is the code that stands for a host at its beginning. */
export function rewriteText(file: FileModel, form: FormText, fields: readonly (readonly [name: string, text: string, code?: string])[], host?: { text: string; code: string }): Edit {
  const { source } = file;
  type Part = { text: string } | { code: string };
  const parts: Part[] = form.before.map((item) => (typeof item === 'string' ? { text: item } : { code: textOf(source, item, { parentheses: true }) }));
  const [first] = parts;
  if (host && first && 'text' in first) parts.splice(0, 1, { code: host.code }, { text: first.text.slice(host.text.length) });
  for (const [index, [name, text, code]] of fields.entries()) {
    parts.push({ text: `${index > 0 ? '&' : ''}${name}=${text}` }, ...(code === undefined ? [] : [{ code }]));
  }
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ('text' in part && last && 'text' in last) last.text += part.text;
    else merged.push({ ...part });
  }
  if (form.node.type !== 'BinaryExpression') return replaceNode(source, form.node, `\`${merged.map((part) => ('text' in part ? part.text : `\${${part.code}}`)).join('')}\``);
  const { quote } = detectStyle(source);
  return replaceNode(source, form.node, merged.map((part) => ('text' in part ? quote + part.text + quote : part.code)).join(' + '));
}
