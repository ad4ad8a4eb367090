/** Expressions that are a connection to Salesforce, or an OAuth2 client, of a library. */
import { connectionFlavour } from '../clients/jsforce';
import { isCreateConnection } from '../clients/nforce';
import type { FileModel } from '../file';
import type { Node } from '../source';
import { jsforceFlavour } from '../vocabulary/libraries';
import type { HeldSecret } from './holders';

export function connectionAt(file: FileModel, node: Node): HeldSecret | undefined {
  for (const value of file.values.of(node)) {
    if (value.kind === 'instance') {
      if (connectionFlavour(value.of, file)) return { kind: 'access token', holder: 'connection', isTraced: true };
      if (value.of.kind === 'module' && jsforceFlavour(value.of.module) && value.of.path.at(-1) === 'OAuth2') return { kind: 'client secret', holder: 'OAuth2 client', isTraced: true };
    }
    if (value.kind === 'result' && isCreateConnection(value.of)) return { kind: 'access token', holder: 'connection', isTraced: true };
  }
  return undefined;
}
