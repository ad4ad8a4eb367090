/** The verbs that the runtime has, for production knows no development tools: handed on, word for word, to the one in the project. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const RUNTIME = 'salesforce-auth-client';

export const RUNTIME_VERBS: readonly string[] = ['login', 'doctor'];

/** The runtime's command line: the project's own, or one that is installed beside this package. */
function runtimeCli(cwd: string): string | undefined {
  for (const from of [join(cwd, 'package.json'), import.meta.url]) {
    try {
      const manifest = createRequire(from).resolve(`${RUNTIME}/package.json`);
      const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: Record<string, string> };
      if (bin?.[RUNTIME]) return join(dirname(manifest), bin[RUNTIME]);
    } catch {
      // Not to be found from here.
    }
  }
  return undefined;
}

/**
 * Runs a verb of the runtime on the terminal that we have.
 * @returns its exit code; 2 when there is no runtime
 */
export async function forward(
  argv: readonly string[],
  { cwd, env, stderr }: { cwd: string; env: Readonly<Record<string, string | undefined>>; stderr: { write(text: string): unknown } },
): Promise<number> {
  const cli = runtimeCli(cwd);
  if (!cli) {
    stderr.write(`salesforce-auth: ${argv[0]} is a command of ${RUNTIME}, which is not installed here or is too old: npm install ${RUNTIME}\n`);
    return 2;
  }
  const child = spawn(process.execPath, [cli, ...argv], { cwd, env, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself, which ends in order; we wait for it. A signal for us alone is passed on.
  const wait = () => {};
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', pass);
  }
}
