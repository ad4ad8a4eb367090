/** Salesforce's secrets in the code become reads of the environment. The values are nowhere in what it says: their names are. */
import { createHash } from 'node:crypto';
import { concernsUs, environmentNames, isBundle, modelOf, placeOf, secretsIn, type FileModel, type Secret } from '../analysis';
import type { Node, Source } from '../analysis/source';
import { edited, readFromEnvironment, type Edit } from '../edits';
import { asJscodeshift } from './jscodeshift';
import { settle } from './places';
import type { Transform, TransformResult } from './report';
import { decide, ruleOf, type SecretPlace } from './secrets/decide';
import { sourceOf } from './source';

const NAME = 'secrets-to-env';

export const transform: Transform = ({ path, source: text }): TransformResult => {
  if (!concernsUs(text) || isBundle(text)) return { entries: [], env: [] };
  const source = sourceOf(path, text);
  const secrets = secretsIn(source, 'salesforce');
  if (secrets.length === 0) return { entries: [], env: [] };
  const file = modelOf(source);
  const typed = /\.[cm]?tsx?$/.test(path);
  const places = placesOf(source, file, secrets, typed);
  const { entries, markers, migrated } = settle(NAME, path, source, places, (place) => decide(file, path, place));

  const edits = [...reads(source, migrated, typed), ...markers];
  if (edits.length === 0) return { entries, env: [] };
  const output = edited(source, edits);
  const isRead = ({ variable }: SecretPlace) => new RegExp(`\\b${variable}\\b`).test(output);
  const digests = Object.fromEntries(migrated.map(({ variable, secret: { range } }) => [variable, digestOf(source.text.slice(...range))]));
  return { output, entries, digests, env: [...new Set(migrated.filter(isRead).map(({ variable }) => variable))] };
};

export default asJscodeshift(NAME, transform);

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('base64');

function placesOf(source: Source, file: FileModel, secrets: readonly Secret[], typed: boolean): SecretPlace[] {
  const names = environmentNames(file, secrets, 'SALESFORCE');
  return secrets.map((secret): SecretPlace => {
    const { kind, node, range } = secret;
    const variable = names.get(secret)!;
    const isReadable = node !== undefined && readFromEnvironment(source, node, [{ range, name: variable }], { typed }) !== undefined;
    return { secret, variable, isReadable, node: placeOf(source, secret), start: source.getLocFromIndex(range[0]), rule: ruleOf(kind), what: `literal ${kind} (${secret.length} characters)` };
  });
}

/** The edits for all reads: those in one text are made together. */
function reads(source: Source, places: readonly SecretPlace[], typed: boolean): Edit[] {
  const byNode = new Map<Node, SecretPlace[]>();
  for (const place of places) byNode.set(place.node, [...(byNode.get(place.node) ?? []), place]);
  return [...byNode].flatMap(([node, inside]) => {
    const parts = inside.map(({ secret, variable }) => ({ range: secret.range, name: variable }));
    return readFromEnvironment(source, node, parts, { typed })!;
  });
}
