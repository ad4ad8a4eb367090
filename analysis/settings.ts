/** What a project says once, for every rule: `settings['salesforce-auth']`. */

/** Whose code the rules watch: Salesforce's, or that of every OAuth client. */
export type Scope = 'salesforce' | 'any';

export interface Settings {
  /** `any`: the rules on expiry, units, retries, headers and logging watch every OAuth client, not only Salesforce's. */
  readonly scope: Scope;
  /** Modules of the project whose exports handle a rejected token, such as `./lib/salesforce`. */
  readonly authModules: readonly string[];
  /** Functions of the project that handle a rejected token of what they are given, such as `withRefresh`. */
  readonly wrappers: readonly string[];
}

const DEFAULTS: Settings = { scope: 'salesforce', authModules: [], wrappers: [] };

/**
 * Reads the settings of a lint run.
 * @throws {Error} naming the setting and what it may be
 */
export function settingsOf(all: Readonly<Record<string, unknown>> | undefined): Settings {
  const given = all?.['salesforce-auth'];
  if (given === undefined) return DEFAULTS;
  if (typeof given !== 'object' || given === null) throw new Error("settings['salesforce-auth'] must be an object");
  const { scope = DEFAULTS.scope, authModules = [], wrappers = [], ...rest } = given as Record<string, unknown>;
  if (scope !== 'salesforce' && scope !== 'any') throw new Error("settings['salesforce-auth'].scope must be 'salesforce' or 'any'");
  for (const [name, list] of Object.entries({ authModules, wrappers })) {
    if (!Array.isArray(list) || list.some((one) => typeof one !== 'string')) throw new Error(`settings['salesforce-auth'].${name} must be a list of names`);
  }
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new Error(`settings['salesforce-auth'].${unknown} is not a setting: scope, authModules and wrappers are`);
  return { scope, authModules: authModules as string[], wrappers: wrappers as string[] };
}
