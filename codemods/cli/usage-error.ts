/** A command line or a working tree that we refuse to work with; exit code 3. */
export class UsageError extends Error {
  override name = 'UsageError';
}
