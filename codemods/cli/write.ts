import { randomUUID } from 'node:crypto';
import { access, chmod, chown, constants, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Replaces a file as a whole: whoever reads it, or stops us in the middle, sees the old text or the new one.
 * Keeps mode and owner of a file that is there.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  // A rename would replace a read-only file without a word.
  if (before) await access(path, constants.W_OK);
  const temporary = join(dirname(path), `.salesforce-auth-${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    if (before) {
      await chmod(temporary, before.mode);
      const { uid, gid } = await stat(temporary);
      // Giving a file away needs privileges; the text matters more than the owner.
      if (uid !== before.uid || gid !== before.gid) await chown(temporary, before.uid, before.gid).catch(() => {});
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
