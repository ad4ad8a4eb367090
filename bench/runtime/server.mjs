// The org that every client calls: a process of its own on 127.0.0.1, which child.mjs tells what to do.
// It knows no more than the cases need. The replay of a rotated refresh token is refused and nothing else: a real org would also
// end the sessions that the new one brought.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { answerParent } from './child.mjs';

/** 90 bytes. */
const BODY = JSON.stringify({ totalSize: 1, done: true, records: [{ Id: '001000000000001AAA', Name: 'Acme Partners' }] });
const EXPIRED = JSON.stringify([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
/** A token request takes as long as this unless a case says otherwise, so that calls made meanwhile meet it. Milliseconds. */
const TOKEN_MS = 50;
/** A late rejection is sent this long after the new token: whoever asked for it has it by then. */
const LATE_MS = 250;
/** A client that has made so many token requests, and goes on, is stopped. */
const STOP_AT = 400;

/** @type {{ rotate?: boolean, expiresIn?: number, rejectAll?: boolean, deadGrant?: boolean, failTokens?: number, lateRejections?: boolean, tokenMs?: number, hangTokens?: boolean }} */
let settings = {};
let counts;
let sessions;
let refreshToken;
/** Settled by the first token after the sessions ended. */
let renewal;
let renewed;

const secret = (kind) => `${kind}-${randomBytes(24).toString('hex')}`;

function resetCounts() {
  counts = { token: 0, refused: 0, api: 0, rejected: 0, stopped: false };
}

function endSessions() {
  sessions = new Set();
  renewal = new Promise((resolve) => (renewed = resolve));
  resetCounts();
}

function newSession() {
  const accessToken = secret('access');
  sessions.add(accessToken);
  return accessToken;
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function api(request, response) {
  counts.api += 1;
  const isLive = sessions.has(request.headers.authorization?.replace('Bearer ', ''));
  if (isLive && !settings.rejectAll) return send(response, 200, BODY);
  counts.rejected += 1;
  if (settings.lateRejections && counts.rejected % 2 === 0) return void renewal.then(() => setTimeout(send, LATE_MS, response, 401, EXPIRED));
  send(response, 401, EXPIRED);
}

async function token(request, response) {
  let form = '';
  for await (const chunk of request.setEncoding('utf8')) form += chunk;
  counts.token += 1;
  if (settings.hangTokens) return process.send({ event: 'hanging' });
  counts.stopped ||= counts.token >= STOP_AT;
  const refused = settings.deadGrant || counts.stopped || new URLSearchParams(form).get('refresh_token') !== refreshToken;
  if (refused) counts.refused += 1;
  const fails = settings.failTokens > 0;
  if (fails) settings.failTokens -= 1;
  else if (!refused && settings.rotate) refreshToken = secret('refresh');
  setTimeout(() => {
    if (fails) return send(response, 503, JSON.stringify({ error: 'unknown_error', error_description: 'retry your request' }));
    if (refused) return send(response, 400, JSON.stringify({ error: 'invalid_grant', error_description: 'expired access/refresh token' }));
    const { rotate, expiresIn } = settings;
    const granted = {
      access_token: newSession(),
      ...(rotate && { refresh_token: refreshToken }),
      ...(expiresIn && { expires_in: expiresIn }),
      instance_url: url,
      id: `${url}/id/00D000000000001AAA/005000000000001AAA`,
      token_type: 'Bearer',
      issued_at: String(Date.now()),
    };
    send(response, 200, JSON.stringify(granted));
    renewed();
  }, settings.tokenMs ?? TOKEN_MS);
}

const server = createServer((request, response) => {
  if (request.url === '/services/oauth2/token') return token(request, response);
  return api(request, response);
});
// Longer than any pause of the bench, so that no idle connection is cut between two calls.
server.keepAliveTimeout = 300_000;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;

answerParent({
  /** Another org, as far as the next client can tell: its first session is in the answer. */
  begin: (given) => {
    settings = given;
    refreshToken = secret('refresh');
    endSessions();
    return { url, clientId: 'bench', clientSecret: secret('client'), accessToken: newSession(), refreshToken };
  },
  /** What is different from now on; what happened so far is not counted. */
  change: (given) => {
    Object.assign(settings, given);
    resetCounts();
  },
  expire: endSessions,
  counts: () => counts,
});
