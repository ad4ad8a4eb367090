import type { Transform } from '../report';

/** Transforms by name, each loaded when it is asked for: `--help` needs no parser. */
export type Transforms = Readonly<Record<string, () => Promise<Transform>>>;

/** In the order in which they run. */
export const TRANSFORMS: Transforms = {
  'soap-login-to-oauth': async () => (await import('../soap-login-to-oauth')).transform,
  'fetch-to-refresh-aware': async () => (await import('../fetch-to-refresh-aware')).transform,
  'add-expiry-buffer': async () => (await import('../add-expiry-buffer')).transform,
  'secrets-to-env': async () => (await import('../secrets-to-env')).transform,
};
