/** The headers that an expression stands for: an object, pairs, `new Headers()`, a function or getter that returns one. */
import type { FileModel } from './file';
import { entriesOf, entriesUnder, propertyNodes, type Entry } from './objects';
import type { Header, HttpCall } from './shapes';
import type { Node } from './source';

export function headersIn(file: FileModel, node: Node): Header[] {
  return entriesOf(file, node).map(headerOf);
}

/** The headers in a property of an options object, those put in later included: `options.headers.Accept = …`. */
export function headersUnder(file: FileModel, options: Node, ...names: readonly string[]): Header[] {
  return names.flatMap((name) => entriesUnder(file, options, name).map(headerOf));
}

export function headerOf({ name, key, value }: Entry): Header {
  return { nameNode: key, value, ...(name !== undefined && { name }) };
}

/** Every header that goes out with a request, those of the instance that sends it included. */
export function headersSent(request: HttpCall): readonly Header[] {
  const sent = [...request.headers];
  for (let made = request.madeBy, depth = 0; made && depth < 5; made = made.madeBy, depth++) sent.push(...made.headers);
  return request.through ? [...sent, ...headersSent(request.through)] : sent;
}

/** `auth: { bearer: token }`, for which the library writes the header. */
export function bearerIn(file: FileModel, options: Node): Header[] {
  return propertyNodes(file, options, 'auth').flatMap((auth) =>
    entriesOf(file, auth)
      .filter(({ name }) => name === 'bearer')
      .map(({ key, value }) => ({ name: 'Authorization', nameNode: key, value, scheme: 'Bearer' })),
  );
}
