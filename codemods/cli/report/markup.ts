/** Markup in which every value is escaped unless it is markup itself. */
import { clean } from '../clean';

class Markup {
  constructor(readonly text: string) {}
}
export type { Markup };

type Value = Markup | string | number | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(escaped).join('');
  return clean(String(value)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(strings.map((text, index) => (index === 0 ? '' : escaped(values[index - 1]!)) + text).join(''));
}

/** Text that is no value: a style sheet of ours. */
export function raw(text: string): Markup {
  return new Markup(text);
}
