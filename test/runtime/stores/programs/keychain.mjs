// A program that keeps its tokens in a folder and the key to them in the keychain.
import { once } from 'node:events';
import fs from 'node:fs';
import { AsyncEntry } from '@napi-rs/keyring';
import { fileStore, keychainKey } from '../../../../runtime/dist/index.mjs';
import { serve } from './serve.mjs';

const { folder, entry, identity } = JSON.parse(process.env.KEYCHAIN);
const key = keychainKey(entry);
const store = fileStore({ folder, key });

const { mkdir } = fs;
fs.mkdir = (path, ...rest) => {
  const done = rest.pop();
  mkdir(path, ...rest, (error) => {
    if (error?.code === 'EEXIST') process.send({ event: 'waiting' });
    done(error);
  });
};

serve({
  key,
  // Stops whenever the keychain has no key, until told to go on.
  stepwise: () => {
    const { getPassword } = AsyncEntry.prototype;
    AsyncEntry.prototype.getPassword = async function () {
      const found = await getPassword.call(this);
      if (found === null) {
        process.send({ event: 'found none' });
        await once(process, 'proceed');
      }
      return found;
    };
  },
  save: (record) => store.swap(identity, record.generation - 1, record),
  read: () => store.read(identity),
});
