/** The shapes that every client file in `clients/` turns its library's calls into. */
import type { TSESTree } from '@typescript-eslint/utils';

/** How sure the analysis is: traced to the library, or concluded from names and use. */
export type Confidence = 'proof' | 'evidence';

/** A place that obtains a session or an access token with a username and password. */
export interface Login {
  kind: 'soap-login' | 'password-grant';
  /** The library as its users call it: `jsforce`, `node-soap`, `hand-written request` ... */
  library: string;
  /** The smallest node to blame: the call, or the property that chooses the grant. */
  node: TSESTree.Node;
  confidence: Confidence;
  /** Literal API version that the login uses, such as 64; absent when unknown. */
  apiVersion?: number;
  username?: TSESTree.Node;
  password?: TSESTree.Node;
  /** Set where the call is a method of a connection object (`conn.login`). */
  connection?: TSESTree.Expression;
  call?: TSESTree.CallExpression;
  callback?: TSESTree.Node;
  /** Why this call is what `kind` says where its look misleads, such as `clientId without clientSecret`. */
  note?: string;
}
