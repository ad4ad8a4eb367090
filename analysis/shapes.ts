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
  /** The text that a hand-written SOAP request sends: a literal, a template, a concatenation or a joined array. */
  envelope?: TSESTree.Node;
  /** Why this call is what `kind` says where its look misleads, such as `clientId without clientSecret`. */
  note?: string;
}

/** A header as a request sets it, wherever it is set: options, defaults, `setRequestHeader`, `Headers.append`. */
export interface Header {
  /** As written; compare in lower case. Absent where it is computed. */
  name?: string;
  /** The key to blame for a misspelt name. */
  nameNode: TSESTree.Node;
  value: TSESTree.Node;
  /** The scheme that the library writes before the value itself (`auth: { bearer }`): the value is the bare token. */
  scheme?: string;
}

/** One HTTP request, or what is made once to send many (an axios instance, a GraphQLClient). */
export interface HttpCall {
  /** The library as its users call it: `fetch`, `axios`, `request`, `got`, `https`, `XMLHttpRequest`, `graphql-request` ... */
  library: string;
  /** The smallest node to blame. */
  node: TSESTree.Node;
  call: TSESTree.CallExpression | TSESTree.NewExpression;
  /** A request is sent here; `client`: only what sends requests is made or configured here. */
  role: 'request' | 'client';
  url?: TSESTree.Node;
  /** Where the query string is given apart from the URL (`params`, `qs`, `searchParams`). */
  query?: TSESTree.Node;
  body?: TSESTree.Node;
  /** The options object, as given. */
  options?: TSESTree.Node;
  headers: readonly Header[];
  /** The calls that fill the request in after it is made: `.set(…)`, `.query(…)`, `.end(…)` of superagent, in a chain or on a variable. */
  steps?: readonly TSESTree.CallExpression[];
  /** The instance that sends it, where there is one: the variable or field that holds an axios instance. */
  client?: TSESTree.Node;
  /** Where that instance is made, if in this file: its headers go with every request. */
  madeBy?: HttpCall;
  /** The call inside a function of the file that this one goes through, where the options are passed on. */
  through?: HttpCall;
}

/** A call of a client library on a session: one that it is given, or the one that the client keeps. */
export interface SessionCall {
  library: 'nforce' | 'AJAX toolkit';
  node: TSESTree.CallExpression;
  /** The session, where the call is given one. */
  token?: TSESTree.Node;
  /** The places of the file that give the client the session it keeps. */
  sessions: readonly TSESTree.Node[];
}
