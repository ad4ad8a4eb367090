import { open as openFile } from 'node:fs/promises';
import { SalesforceStoreError } from '../errors';

/** A new file for this user alone, flushed to the disk. */
export async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await openFile(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the renaming durable as well. Windows opens no folders, and needs none of it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws SalesforceStoreError `STORE_UNAVAILABLE` in the place of an error of the file system */
export async function orUnavailable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new SalesforceStoreError(
      'STORE_UNAVAILABLE',
      `The folder ${folder} cannot be used (${code} on ${syscall}): check that it exists, that this user owns it and that the disk has room`,
      { cause: error as Error },
    );
  }
}
