import { resolve } from 'node:path';
import type { Environment } from '../environment';
import { SalesforceAuthError } from '../errors';
import { fileStore, tokenFile } from '../stores/file';
import type { Identity } from '../stores/store';
import { App, type User } from './app';
import { CallbackServer, type Return } from './callback';
import { openInBrowser } from './open';
import { CommandFailed, UsageError, printable, type Surroundings } from './surroundings';

const PATIENCE_MS = 5 * 60_000;
/** Both scopes that a program which runs on its own needs: to call, and to go on doing so. */
export const DEFAULT_SCOPE = 'api refresh_token';

/** Options of the command line. */
export interface LoginOptions {
  readonly port: number;
  readonly scope: string;
  readonly open: boolean;
  /** Folder of the token store. */
  readonly store: string;
}

/**
 * The web server flow with PKCE, for the first refresh token: a browser goes to Salesforce and comes back to this machine.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_web_server_flow_ca.htm ; PKCE is mandatory for
 * partner apps: https://developer.salesforce.com/docs/atlas.en-us.packagingGuide.meta/packagingGuide/secure_code_ac_eca.htm
 */
export async function login(options: LoginOptions, surroundings: Surroundings): Promise<void> {
  const { env, stdout, stderr } = surroundings;
  const folder = resolve(surroundings.cwd, options.store);
  const app = new App(env);
  const store = fileStore({ folder }, env);
  // Before anybody logs in: can we keep what they bring?
  const place = app.identityOf(env.SALESFORCE_USERNAME ?? '');
  await store.withLock(place, () => store.read(place));

  const request = await app.newRequest();
  const server = await CallbackServer.start(options.port, request.state, (parameters) => {
    const said = [parameters.get('error'), parameters.get('error_description')].filter(Boolean).join(': ');
    stderr.write(`An answer that does not belong to this login was left aside${said && ` (${printable(app.scrub(said)).slice(0, 200)})`}. Still waiting.\n`);
  });
  try {
    const url = app.authorizeUrl(request, server.redirectUri, options.scope, env.SALESFORCE_USERNAME);
    stdout.write(`Log in to Salesforce in a browser on this machine:\n\n  ${url}\n\nWaiting for it to come back to ${server.redirectUri} …\n`);
    if (options.open) openInBrowser(url, env);
    const back = await waitFor(server, surroundings);
    try {
      const { user, identity, replaced } = await finish(back, server.redirectUri);
      stdout.write(summary(user, identity, replaced));
      await back.show({ title: 'Logged in', text: `${nameOf(user)} is logged in, and the tokens are stored. You may close this page.` });
    } catch (error) {
      const text = error instanceof CommandFailed || error instanceof SalesforceAuthError ? printable(app.scrub(error.message)) : 'Something went wrong: see the terminal.';
      await back.show({ title: 'Not logged in', text, isRefusal: true });
      throw error;
    }
  } finally {
    server.close();
  }

  async function finish(back: Return, redirectUri: string) {
    const tokens = await app.exchange(back.url, request, redirectUri);
    if (!tokens.refreshToken) {
      throw new CommandFailed(
        'Salesforce gave no refresh token: the app lacks, or was not asked for, the scope refresh_token (the same as offline_access; ' +
          "in the app's settings 'Perform requests at any time'), or its policy expires refresh tokens immediately. Nothing was stored",
      );
    }
    const user = await app.whoIs(tokens);
    const expected = env.SALESFORCE_USERNAME;
    // Usernames are e-mail addresses in form, and know no case.
    if (expected && user.username && expected.toLowerCase() !== user.username.toLowerCase()) {
      throw new CommandFailed(
        `The browser is logged in as ${printable(user.username)}, and SALESFORCE_USERNAME is ${printable(expected)}: log out of Salesforce there, or ` +
          'change the variable. Nothing was stored',
      );
    }
    const subject = expected || user.username;
    if (!subject) throw new CommandFailed('Salesforce did not say who logged in: set SALESFORCE_USERNAME and log in again. Nothing was stored');
    const identity = app.identityOf(subject);
    return { user, identity, replaced: await app.keep(store, identity, tokens) };
  }

  function summary(user: User, identity: Identity, replaced: boolean): string {
    const needed: [string, string][] = [
      ['SALESFORCE_FLOW', 'refresh-token'],
      ['SALESFORCE_LOGIN_URL', identity.issuer],
      ['SALESFORCE_USERNAME', identity.subject],
      ['SALESFORCE_TOKEN_FOLDER', folder],
    ];
    const asHere = ['SALESFORCE_CLIENT_ID', 'SALESFORCE_TOKEN_KEY', ...(env.SALESFORCE_CLIENT_SECRET ? ['SALESFORCE_CLIENT_SECRET'] : [])];
    return [
      '',
      `Logged in as ${nameOf(user)}, organization ${user.organizationId}.`,
      `${replaced ? 'The tokens replace what was' : 'The tokens are'} in ${tokenFile(folder, identity)}`,
      '',
      "In the program's environment:",
      ...needed.map(([name, value]) => `  ${name}=${printable(value)}`),
      `  ${asHere.join(', ')} as here`,
      '  no SALESFORCE_REFRESH_TOKEN: the folder has the one that counts',
      '',
    ].join('\n');
  }
}

function nameOf({ username, id }: User): string {
  return username ? `${printable(username)} (user ${id})` : `user ${id}`;
}

function waitFor(server: CallbackServer, { stop, patienceMs = PATIENCE_MS }: Surroundings): Promise<Return> {
  return new Promise((resolve, reject) => {
    const giveUp = () =>
      reject(
        new CommandFailed(
          `nobody came back within ${Math.ceil(patienceMs / 60_000)} minutes, and nothing was stored. If the browser showed redirect_uri_mismatch, add ` +
            `${server.redirectUri} to the app's callback URLs`,
        ),
      );
    const timer = setTimeout(giveUp, patienceMs);
    const end = () => reject(new CommandFailed('stopped: nothing was stored', 130));
    stop?.addEventListener('abort', end, { once: true });
    if (stop?.aborted) end();
    void server.returned.then(resolve);
    // The server keeps the process alive as long as somebody may come.
    timer.unref();
  });
}

/** The folder of the token store, from the command line or the environment. @throws UsageError */
export function storeFolder(given: string | undefined, env: Environment): string {
  const folder = given ?? env.SALESFORCE_TOKEN_FOLDER;
  if (!folder) throw new UsageError('there is no place for the tokens: give a folder with --store or in SALESFORCE_TOKEN_FOLDER');
  return folder;
}
