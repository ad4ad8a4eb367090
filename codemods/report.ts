/**
 * What a codemod says of one place in one file. Every place ends in exactly one state,
 * and the states of a run add up to the number of findings.
 * No text here ever holds an argument's value: a password in a report is a leaked password.
 */
export type State =
  /** rewritten */
  | 'migrated'
  /** a person must act: an `sf-auth-todo` comment now stands in the code (or stood there already) */
  | 'marked'
  /** seen and not touched, for the reason given */
  | 'left'
  /** already what the codemod would write */
  | 'already-safe';

export const STATES: readonly State[] = ['migrated', 'marked', 'left', 'already-safe'];

/** The way of a token, as the code had it, in a few words each. */
export interface TokenFlow {
  /** Where it is obtained, such as `SOAP login()` or `the environment`. */
  obtained: string;
  /** Who sends it, such as `axios`. */
  used: string;
  /** Who sees to its rejection, such as `nobody`. */
  handled: string;
}

export interface ReportEntry {
  transform: string;
  /** Rule that reports the same place, such as `no-soap-login`. */
  rule: string;
  path: string;
  /** 1-based, in the text before the codemod ran. */
  line: number;
  /** 1-based. */
  column: number;
  state: State;
  /** What was found, such as `SOAP login() through jsforce`. */
  what: string;
  /** Why it ended in this state. */
  reason: string;
  /** The one thing a person does next; absent where nothing is left to do. */
  next?: string;
  /** Absent where no token is sent: an expiry, a secret. */
  flow?: TokenFlow;
  /** Name of the environment variable that holds from now on what stood in the code. */
  variable?: string;
}

export interface TransformResult {
  /** The new text; absent when the file stays as it is. */
  output?: string;
  entries: ReportEntry[];
  /** Names of environment variables that the new text reads through the runtime. */
  env: string[];
  /** A digest of what each `variable` of the entries stood for, to tell different secrets of one name apart. For this process only. */
  digests?: Readonly<Record<string, string>>;
}

/** A grant that a login can become. */
export type Flow = 'jwt-bearer' | 'client-credentials';

/** Options a transform takes, from the command line of `salesforce-auth migrate` or of jscodeshift. */
export interface TransformOptions {
  /** Grant that replaces the login. JWT bearer keeps the username, and so who the calls run as. */
  flow?: Flow;
  /** Module that exports a SalesforceAuth of the team's own; relative to the working directory where it begins with `.` or `/`. Default: salesforce-auth-client. */
  authModule?: string;
  /** Name of that export. Default `salesforce`. */
  authExport?: string;
}

/** One codemod: text in, text and report out. Reads and writes no files. */
export type Transform = (file: { path: string; source: string }, options: TransformOptions) => TransformResult;
