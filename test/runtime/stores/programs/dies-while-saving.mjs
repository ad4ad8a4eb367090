// Saves a record and is killed at the moment named: half way through the write, before or after the rename.
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { moment, folder, identity, record } = JSON.parse(process.env.WORKER);
const die = () => process.kill(process.pid, 'SIGKILL');

const probe = await open(process.execPath);
const FileHandle = Object.getPrototypeOf(probe);
await probe.close();
const { writeFile, sync } = FileHandle;
const { renameSync } = fs;
if (moment === 'half written') {
  FileHandle.writeFile = async function (bytes) {
    await writeFile.call(this, bytes.subarray(0, bytes.length / 2));
    await sync.call(this);
    die();
  };
}
if (moment === 'before the rename') fs.renameSync = die;
if (moment === 'after the rename') {
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    die();
  };
}
syncBuiltinESMExports();

const { fileStore } = await import('../../../../runtime/dist/index.mjs');
await fileStore({ folder }).swap(identity, record.generation - 1, record);
