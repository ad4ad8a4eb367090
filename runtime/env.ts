import { readFileSync } from 'node:fs';
import { SalesforceAuth } from './auth';
import type { Environment } from './environment';
import { SalesforceAuthConfigError } from './errors';
import { fingerprint, type Flow } from './grants';
import type { SalesforceAuthOptions, SettingNames } from './options';
import { fileStore } from './stores/file';

/** What a caller may say instead of the environment. */
export interface SalesforceAuthOverrides {
  /** Instead of SALESFORCE_FLOW. Default: from what is set; see {@link salesforceAuthFromEnv}. */
  flow?: Flow;
  /** Instead of SALESFORCE_USERNAME. */
  username?: string;
  /** Instead of SALESFORCE_LOGIN_URL. */
  loginUrl?: string;
}

/**
 * One identity from SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET, SALESFORCE_PRIVATE_KEY (PEM, line
 * breaks may be written as \n) or SALESFORCE_PRIVATE_KEY_FILE (its path), SALESFORCE_USERNAME, SALESFORCE_REFRESH_TOKEN.
 *
 * SALESFORCE_FLOW says which flow. Without it a private key means JWT bearer, a refresh token the refresh token flow, a
 * client secret alone client credentials.
 *
 * The same settings give the same SalesforceAuth: all parts of a program share its token and its renewal, and so does
 * `authorize()`. Once it is closed, the next call makes a new one.
 *
 * With SALESFORCE_TOKEN_FOLDER tokens are kept in that folder, encrypted with SALESFORCE_TOKEN_KEY, and shared by the processes
 * that name it; see {@link fileStore}.
 * @throws SalesforceAuthConfigError naming the variable and what to do
 */
export function salesforceAuthFromEnv(overrides: SalesforceAuthOverrides = {}, env: Environment = process.env): SalesforceAuth {
  const unknown = Object.keys(overrides).find((name) => !OVERRIDES.includes(name));
  if (unknown !== undefined) {
    throw new SalesforceAuthConfigError(unknown, `is not among ${OVERRIDES.join(', ')}, which is all that may be said instead: use createSalesforceAuth()`);
  }
  const options = optionsFromEnv(overrides, env);
  const given: Partial<SettingNames> = {
    ...(overrides.flow !== undefined && { flow: 'flow' }),
    ...(overrides.loginUrl !== undefined && { loginUrl: 'loginUrl' }),
  };
  return sharedAuth(options, env, given);
}

const OVERRIDES: readonly string[] = ['flow', 'username', 'loginUrl'] satisfies (keyof SalesforceAuthOverrides)[];

/** One per identity, credential and place of its tokens. */
const shared = new Map<string, SalesforceAuth>();

/** The SalesforceAuth for these options from the environment. @param given what the caller set, and calls so in errors */
export function sharedAuth(options: SalesforceAuthOptions, env: Environment, given: Partial<SettingNames>): SalesforceAuth {
  const { flow, loginUrl, clientId, username, clientSecret, refreshToken } = options;
  // The key as it was given: its PEM or its path are one either way.
  const credential = fingerprint([clientSecret, refreshToken, options.privateKey as string | undefined]);
  const origin = URL.canParse(loginUrl) ? new URL(loginUrl).origin : loginUrl;
  // The app's own user runs client credentials, whatever name is around.
  const subject = flow === 'client-credentials' ? undefined : username;
  const key = JSON.stringify([flow, origin, clientId, subject, credential, env.SALESFORCE_TOKEN_FOLDER]);
  const held = shared.get(key);
  if (held && !held.isClosed) return held;
  const auth = new SalesforceAuth(options, { ...envNames(flow, env), ...given });
  shared.set(key, auth);
  return auth;
}

/** The options the environment stands for. Their completeness is checked by SalesforceAuth. */
export function optionsFromEnv(overrides: SalesforceAuthOverrides, env: Environment): SalesforceAuthOptions {
  const flow = overrides.flow ?? flowFromEnv(env);
  const folder = env.SALESFORCE_TOKEN_FOLDER;
  const username = overrides.username ?? env.SALESFORCE_USERNAME;
  const options = {
    flow,
    loginUrl: overrides.loginUrl ?? env.SALESFORCE_LOGIN_URL ?? '',
    clientId: env.SALESFORCE_CLIENT_ID ?? '',
    clientSecret: env.SALESFORCE_CLIENT_SECRET,
    refreshToken: env.SALESFORCE_REFRESH_TOKEN,
    username,
    privateKey: flow === 'jwt-bearer' ? privateKeyFromEnv(env) : undefined,
    store: folder ? fileStore({ folder }, env) : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as SalesforceAuthOptions;
}

/** Where the user set each option, for the errors. */
export function envNames(flow: Flow, env: Environment): SettingNames {
  return {
    flow: env.SALESFORCE_FLOW ? 'SALESFORCE_FLOW' : 'flow',
    loginUrl: 'SALESFORCE_LOGIN_URL',
    clientId: 'SALESFORCE_CLIENT_ID',
    clientSecret: 'SALESFORCE_CLIENT_SECRET',
    privateKey: env.SALESFORCE_PRIVATE_KEY_FILE
      ? 'SALESFORCE_PRIVATE_KEY_FILE'
      : env.SALESFORCE_PRIVATE_KEY || flow !== 'jwt-bearer'
        ? 'SALESFORCE_PRIVATE_KEY'
        : 'SALESFORCE_PRIVATE_KEY or SALESFORCE_PRIVATE_KEY_FILE',
    username: 'SALESFORCE_USERNAME',
    refreshToken: 'SALESFORCE_REFRESH_TOKEN',
  };
}

function flowFromEnv(env: Environment): Flow {
  if (env.SALESFORCE_FLOW) return env.SALESFORCE_FLOW as Flow;
  const hasKey = Boolean(env.SALESFORCE_PRIVATE_KEY || env.SALESFORCE_PRIVATE_KEY_FILE);
  if (hasKey && env.SALESFORCE_REFRESH_TOKEN) {
    throw new SalesforceAuthConfigError(
      'SALESFORCE_REFRESH_TOKEN',
      'and a private key are both set, which are two ways to log in: unset one, or say which with the flow option',
    );
  }
  if (hasKey) return 'jwt-bearer';
  if (env.SALESFORCE_REFRESH_TOKEN) return 'refresh-token';
  if (env.SALESFORCE_CLIENT_SECRET) return 'client-credentials';
  throw new SalesforceAuthConfigError(
    'SALESFORCE_PRIVATE_KEY',
    'is missing, and so is any other credential: set it or SALESFORCE_PRIVATE_KEY_FILE (JWT bearer), ' +
      'SALESFORCE_REFRESH_TOKEN, or SALESFORCE_CLIENT_SECRET (client credentials), or SALESFORCE_FLOW=refresh-token where ' +
      'SALESFORCE_TOKEN_FOLDER has one already',
  );
}

function privateKeyFromEnv(env: Environment): string | undefined {
  const { SALESFORCE_PRIVATE_KEY: key, SALESFORCE_PRIVATE_KEY_FILE: file } = env;
  if (key && file) {
    throw new SalesforceAuthConfigError('SALESFORCE_PRIVATE_KEY', 'and SALESFORCE_PRIVATE_KEY_FILE are both set: unset one of them');
  }
  if (!file) return key;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SalesforceAuthConfigError(
      'SALESFORCE_PRIVATE_KEY_FILE',
      `cannot be read (${reason}): give the path of a PEM file this process may read`,
    );
  }
}
