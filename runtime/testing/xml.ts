const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const NAMES = new Map(Object.entries(ENTITIES).map(([name, character]) => [character, `&${name};`]));

/** Text as it stands inside an element. Salesforce names all five entities, and clients without a parser show them raw. */
export function escapeXml(value: unknown): string {
  return String(value).replace(/[<>&"']/g, (character) => NAMES.get(character) ?? character);
}

function unescapeXml(value: string): string {
  return value
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name ?? ''] ?? whole;
    });
}

/**
 * The inner XML of the first element with this local name, whatever its prefix.
 * Enough for the flat messages that Salesforce clients send, so no parser is needed.
 */
export function innerXml(xml: string, localName: string): string | undefined {
  const pattern = new RegExp(`<((?:[\\w.-]+:)?${localName})(?:\\s[^>]*)?>([\\s\\S]*?)</\\1\\s*>`);
  return pattern.exec(xml)?.[2];
}

/** The text of the first element with this local name. */
export function elementText(xml: string, localName: string): string | undefined {
  const inner = innerXml(xml, localName);
  return inner === undefined ? undefined : unescapeXml(inner.trim());
}

/** The local name of the first element. */
export function firstElement(xml: string): string | undefined {
  return /<(?:[\w.-]+:)?([\w.-]+)[\s/>]/.exec(xml.replace(/<!--[\s\S]*?-->/g, ''))?.[1];
}

/** The flat child elements, as name and text. */
export function children(xml: string): [name: string, value: string][] {
  const pattern = /<((?:[\w.-]+:)?([\w.-]+))(?:\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/\1\s*>)/g;
  return [...xml.matchAll(pattern)].map((match) => [match[2] ?? '', unescapeXml((match[3] ?? '').trim())]);
}

/** `<name>value</name>`, the value escaped. */
export function element(name: string, value: unknown): string {
  return `<${name}>${escapeXml(value)}</${name}>`;
}

/** `<name xsi:nil="true"/>`. */
export function nil(name: string): string {
  return `<${name} xsi:nil="true"/>`;
}
