import { AsyncLocalStorage } from 'node:async_hooks';
import { SalesforceAuthError } from './errors';

interface Flight {
  readonly owner: object;
  readonly outer: Flight | undefined;
  isRunning: boolean;
}

/** Which token requests the running code is part of. */
const flights = new AsyncLocalStorage<Flight>();
let running = 0;

/** Runs a token request, so that whatever it calls can be told from everybody else. */
export async function inFlight<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const flight: Flight = { owner, outer: flights.getStore(), isRunning: true };
  running += 1;
  try {
    return await flights.run(flight, work);
  } finally {
    flight.isRunning = false;
    running -= 1;
    // Node 20 watches every promise of the process for as long as this is on.
    if (running === 0) flights.disable();
  }
}

/** Runs code that is not part of the token request it is called from. */
export function outsideFlights(work: () => void): void {
  if (running === 0) work();
  else flights.exit(work);
}

/**
 * For a token asked for by code that its own token request waits for: a `fetch` or `store` of the user's that uses the
 * identity it serves. Waiting would never end.
 * @throws SalesforceAuthError `REENTRANT`
 */
export function refuseReentry(owner: object): void {
  if (running === 0) return;
  for (let flight = flights.getStore(); flight; flight = flight.outer) {
    if (flight.owner === owner && flight.isRunning) {
      throw new SalesforceAuthError(
        'REENTRANT',
        'A token was asked for from inside its own token request: the fetch and store options must not use the SalesforceAuth they are given to',
      );
    }
  }
}
