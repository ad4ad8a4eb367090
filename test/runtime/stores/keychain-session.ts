import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Are they installed? Where they are not, their tests are skipped by name; CI installs them and takes no skipped test. */
export const hasKeychain = ['dbus-run-session', 'gnome-keyring-daemon'].every((program) => spawnSync(program, ['--version']).status === 0);

export interface KeychainSession {
  /** What makes a process use this keychain. */
  readonly env: Record<string, string>;
  end(): Promise<void>;
}

/** A session of its own with an empty keychain, unlocked, that keeps its files in `home`. */
export async function startKeychain(home: string): Promise<KeychainSession> {
  mkdirSync(join(home, '.cache'));
  const unlock = 'head -n 1 | gnome-keyring-daemon --unlock --components=secrets >&2 && echo "$DBUS_SESSION_BUS_ADDRESS" && cat';
  const env = { ...process.env, HOME: home };
  const session = spawn('dbus-run-session', ['--', 'sh', '-c', unlock], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(session, 'exit');
  session.stdin.write(`${randomBytes(16).toString('hex')}\n`);
  const lines = createInterface(session.stdout)[Symbol.asyncIterator]();
  const { value: address } = (await lines.next()) as { value?: string };
  if (!address) throw new Error('gnome-keyring-daemon did not start');
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    end: async () => {
      session.stdin.end();
      await exited;
    },
  };
}
