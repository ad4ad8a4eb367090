import { spawn } from 'node:child_process';
import type { Environment } from '../environment';

/** Asks the platform to show a URL. Where it cannot, nothing happens: the URL is on the screen as well. */
export function openInBrowser(url: string, env: Environment): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? (['open', url] as const)
      : process.platform === 'win32'
        ? (['rundll32', 'url.dll,FileProtocolHandler', url] as const)
        : (['xdg-open', url] as const);
  // A browser has no use for our secrets.
  const harmless = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SALESFORCE_')));
  const child = spawn(command, args, { stdio: 'ignore', detached: true, env: harmless });
  child.on('error', () => {});
  child.unref();
}
