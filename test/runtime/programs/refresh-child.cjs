// A program of its own: node refresh-child.cjs RUNTIME STORE_FILE WHAT, with the identity in the environment.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const [runtime, file, what] = process.argv.slice(2);
const { createSalesforceAuth } = require(runtime);

/** One record in plain text, for one process at a time: enough to outlive the process. */
const read = async () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};
const store = {
  read,
  swap: async (_identity, expected, next) => {
    if (what === 'die-before-save' && next.accessToken) {
      process.send('answered');
      await new Promise(() => {});
    }
    if (((await read())?.generation ?? 0) !== expected) return false;
    writeFileSync(`${file}.next`, JSON.stringify(next));
    renameSync(`${file}.next`, file);
    return true;
  },
  withLock: (_identity, work) => work(),
};

const { LOGIN_URL: loginUrl, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, REFRESH_TOKEN: refreshToken } = process.env;
const auth = createSalesforceAuth({ flow: 'refresh-token', loginUrl, clientId, clientSecret, refreshToken, store, keepAlive: true });

auth.token().then(
  () => {
    // Nothing of ours may keep the process from ending, nor may what its parent listens to.
    process.send('token', () => process.disconnect());
    if (what === 'crash') throw Object.assign(new Error('crash'), { auth });
  },
  (error) => process.send({ code: error.code, message: error.message }, () => process.disconnect()),
);
