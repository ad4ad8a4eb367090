import type { Transform } from '../report';

/** The transforms by name, each loaded when it is asked for: `--help` needs no parser. */
export const TRANSFORMS: Readonly<Record<string, () => Promise<Transform>>> = {
  'soap-login-to-oauth': async () => (await import('../soap-login-to-oauth')).transform,
  'fetch-to-refresh-aware': async () => (await import('../fetch-to-refresh-aware')).transform,
  'add-expiry-buffer': async () => (await import('../add-expiry-buffer')).transform,
  'secrets-to-env': async () => (await import('../secrets-to-env')).transform,
};
