/** Command lines that print secrets, and the calls that run them. */

/** Commands that print an access token, or an address with one in it. */
export const PRINTS_TOKEN = /\b(?:sfdx|sf)\b.*(?:org[: ](?:user[: ])?display|user:display|show-access-token|org[: ]open\b.*(?:\s-r\b|--url-?only)|display-user)/;
export const RUNS_COMMAND = new Set(['exec', 'execSync', 'execFile', 'execFileSync', 'spawn', 'spawnSync', 'execa', 'execaCommand', 'execCommand', 'execaSync', 'execAsync', 'execPromise', 'runCommand', 'shell']);
