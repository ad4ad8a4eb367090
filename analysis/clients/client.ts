import type { FileModel } from '../file';
import type { HttpCall, Login, SessionCall } from '../shapes';

/** One library, or one way of talking to Salesforce: what in a file is its doing. A new one is one file and one row in `index.ts`. */
export interface Client {
  /** What the library is called in messages and reports. */
  readonly name: string;
  /** The places where a username and password become a session or a token. */
  logins?(file: FileModel): Iterable<Login>;
  /** The HTTP requests that it sends, whatever they are for and whoever they go to. */
  requests?(file: FileModel): Iterable<HttpCall>;
  /** Its calls on a session that it does not renew. */
  sessionCalls?(file: FileModel): Iterable<SessionCall>;
}
