/** Lets a transform of ours run under plain `npx jscodeshift -t`: jscodeshift is runner only, its parsers and printers are never called. */
import { createRequire } from 'node:module';
import { describeFailure } from './failure';
import type { ReportEntry, Transform, TransformOptions } from './report';

/** Values of `--flow`, for every way to start a transform. */
export const FLOWS = ['jwt-bearer', 'client-credentials'] as const;

/**
 * Reads the value of `--flow`; absent means that the transform's default holds.
 *
 * @throws {Error} naming the option and its allowed values
 */
export function readFlow(value: unknown): TransformOptions {
  if (value === undefined) return {};
  const flow = FLOWS.find((name) => name === value);
  if (!flow) throw new Error(`--flow must be one of: ${FLOWS.join(', ')}`);
  return { flow };
}

/**
 * Reads the options of a transform as the command line has them.
 *
 * @throws {Error} naming the option and what it takes
 */
export function readOptions(values: Readonly<Record<string, unknown>>): TransformOptions {
  const authModule = readName(values, 'auth-module', "the module that exports your SalesforceAuth, such as './lib/salesforce.js'");
  const authExport = readName(values, 'auth-export', 'the name that --auth-module exports it by');
  if (authExport !== undefined && authModule === undefined) throw new Error('--auth-export needs --auth-module: the module that has that export');
  if (authExport !== undefined && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(authExport)) throw new Error('--auth-export must be a name that code can import');
  return { ...readFlow(values.flow), ...(authModule !== undefined && { authModule }), ...(authExport !== undefined && { authExport }) };
}

function readName(values: Readonly<Record<string, unknown>>, option: string, what: string): string | undefined {
  const value = values[option];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new Error(`--${option} needs a value: ${what}`);
  return value;
}

export interface JscodeshiftApi {
  /** Absent in jscodeshift's own test utils. */
  report?: (message: string) => void;
}

function line({ path, line, column, state, rule, what, reason, next }: ReportEntry): string {
  return `${path}:${line}:${column} ${state} ${rule}: ${what} — ${[reason, next].filter(Boolean).join('. ')}`;
}

/**
 * By default jscodeshift compiles whatever a transform loads with Babel, TypeScript's compiler and ESLint included. Ours
 * is built, and so is all it loads: the hook only costs time, so it goes.
 */
function stopCompiling(): void {
  for (const [path, loaded] of Object.entries(createRequire(import.meta.url).cache)) {
    if (/[\\/]@babel[\\/]register[\\/]lib[\\/]\w+\.c?js$/.test(path)) (loaded?.exports as { revert?: () => void }).revert?.();
  }
}

/**
 * Turns a transform into the function that jscodeshift calls.
 * It returns the same text for a file that it looked at and left (jscodeshift counts "unmodified"),
 * and `undefined` for a file that does not concern it ("skipped").
 */
export function asJscodeshift(name: string, transform: Transform) {
  return function jscodeshiftTransform(
    file: { path: string; source: string },
    api: JscodeshiftApi,
    options: Readonly<Record<string, unknown>> = {},
  ): string | undefined {
    const known = readOptions(options);
    stopCompiling();
    let result;
    try {
      result = transform({ path: file.path, source: file.source }, known);
    } catch (error) {
      // jscodeshift prints an error as it is, and a parser's words can quote the code.
      const { message, attempts = [] } = describeFailure(name, error);
      throw new Error([message, ...attempts].join('; '));
    }
    for (const entry of result.entries) api.report?.(line(entry));
    if (result.output !== undefined) return result.output;
    return result.entries.length > 0 ? file.source : undefined;
  };
}
