// Plays the `sf` CLI: logs in to a file as it does, and renews that login in its way, under its lock.
// https://github.com/forcedotcom/sfdx-core: src/crypto/crypto.ts, src/config/configFile.ts and, from 9.2, src/org/authInfo.ts
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { serve } from './serve.mjs';

const { username, key, loginUrl } = JSON.parse(process.env.SF_CLI);
const folder = join(homedir(), '.sfdx');
const file = join(folder, `${username}.json`);
const isSecret = (name) => /token|password|secret/i.test(name);
const isOld = key.length === 32;
const keyBytes = Buffer.from(key, isOld ? 'utf8' : 'hex');
const ivBytes = (hex) => (isOld ? hex : Buffer.from(hex, 'hex'));
const ivLength = isOld ? 12 : 24;

function encrypt(text) {
  const iv = randomBytes(ivLength / 2).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', keyBytes, ivBytes(iv));
  return iv + cipher.update(text, 'utf8', 'hex') + cipher.final('hex') + ':' + cipher.getAuthTag().toString('hex');
}

function decrypt(value) {
  const [text, tag] = value.split(':');
  const decipher = createDecipheriv('aes-256-gcm', keyBytes, ivBytes(text.slice(0, ivLength)), { authTagLength: 16 });
  decipher.setAuthTag(Buffer.from(tag, 'hex'));
  return decipher.update(text.slice(ivLength), 'hex', 'utf8') + decipher.final('utf8');
}

const mapSecrets = (fields, change) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isSecret(name) ? change(value) : value]));
const read = () => mapSecrets(JSON.parse(fs.readFileSync(file, 'utf8')), decrypt);

// The one lock around a write, the other around a renewal; both tried for about ten seconds, as the CLI does.
const times = { stale: 10_000, retries: { retries: 10, maxTimeout: 1000, factor: 2 }, realpath: false };

async function write(fields) {
  const release = await lock(file, times);
  fs.writeFileSync(file, JSON.stringify(mapSecrets(fields, encrypt), null, 2));
  await release();
}

async function renew() {
  const { clientId, clientSecret, refreshToken, ...rest } = read();
  const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken });
  const answer = await (await fetch(`${loginUrl}/services/oauth2/token`, { method: 'POST', body })).json();
  if (!answer.access_token) throw new Error(answer.error);
  const { access_token: accessToken, instance_url: instanceUrl, refresh_token: newRefreshToken = refreshToken } = answer;
  await write({ ...rest, clientId, clientSecret, accessToken, instanceUrl, refreshToken: newRefreshToken });
}

const takeRotationLock = (more) => lock(`${file}.token-rotation`, { ...times, ...more });

serve({
  login: async (fields) => {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    await write(fields);
  },
  read,
  renew: async () => {
    const release = await takeRotationLock();
    await renew();
    await release();
  },
  // Holds the lock until told to go on.
  hold: async () => {
    const release = await takeRotationLock();
    process.send({ event: 'holding' });
    await once(process, 'proceed');
    await renew();
    await release();
  },
  // Renews unless somebody else did so meanwhile.
  renewOrAdopt: async () => {
    const { refreshToken } = read();
    const mkdir = (path, done) => fs.mkdir(path, (error) => {
      if (error) process.send({ event: 'waiting' });
      done(error);
    });
    const release = await takeRotationLock({ fs: { ...fs, mkdir } });
    const isNewer = read().refreshToken !== refreshToken;
    if (!isNewer) await renew();
    await release();
    return isNewer ? 'adopted' : 'renewed';
  },
});
