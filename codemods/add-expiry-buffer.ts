/** A token that counts as good until the moment it expires is renewed a minute ahead instead, where a comparison decides it. */
import { concernsUs, isBundle, modelOf } from '../analysis';
import { duration } from '../analysis/time/duration';
import { concernsExpiry, type ExpiryCheck, expiryChecks, MIN_BUFFER } from '../analysis/time/expiry';
import { edited, moveNowAhead, raiseBuffer, type Edit } from '../edits';
import { asJscodeshift } from './jscodeshift';
import { entryFor, settle, type Decision, type Place } from './places';
import type { Transform, TransformResult } from './report';
import { sourceOf } from './source';

const NAME = 'add-expiry-buffer';

const WHAT = {
  comparison: "a token's expiry compared with the present moment",
  store: "a token's expiry stored with a buffer",
  lifetime: "a timer or cache set to a token's lifetime",
} as const;

interface CheckPlace extends Place {
  check: ExpiryCheck;
  edit: Edit | undefined;
}

export const transform: Transform = ({ path, source: text }): TransformResult => {
  if (!concernsUs(text) || !concernsExpiry(text) || isBundle(text)) return { entries: [], env: [] };
  const source = sourceOf(path, text);
  const file = modelOf(source);

  const places = expiryChecks(file).map((check): CheckPlace => {
    const { node, buffer } = check;
    const edit = buffer === 0 ? moveNowAhead(source, check, MIN_BUFFER) : buffer > 0 ? raiseBuffer(source, check, MIN_BUFFER) : undefined;
    return { check, edit, node, rule: 'require-expiry-buffer', what: WHAT[check.kind] };
  });
  const isSafe = ({ check }: CheckPlace) => check.buffer >= MIN_BUFFER;
  const { entries, markers, migrated } = settle(NAME, path, source, places.filter((place) => !isSafe(place)), decide);
  for (const place of places.filter(isSafe)) entries.push(entryFor(NAME, path, place, alreadySafe(place.check)));

  const edits = [...migrated.map(({ edit }) => edit!), ...markers];
  if (edits.length === 0) return { entries, env: [] };
  return { output: edited(source, edits), entries, env: [] };
};

export default asJscodeshift(NAME, transform);

const AHEAD = duration(MIN_BUFFER);

/**
 * An edit moves the comparison's own present moment, in its own unit: right where the units fit. Where they do not, the
 * comparison comes out the same whatever the time, before as after, and consistent-expiry-units says so.
 */
function decide({ check: { kind, buffer }, edit }: CheckPlace): Decision {
  if (edit) return { state: 'migrated', reason: buffer === 0 ? `the token is now renewed ${AHEAD} before it expires` : `the buffer of ${duration(buffer)} is now ${AHEAD}` };
  const marked = (reason: string, next: string): Decision => ({ state: 'marked', reason, next });
  if (buffer < 0) {
    return marked(
      'the buffer has the wrong sign, so that the token counts as good until after it has expired',
      `Take the buffer off the expiry or add it to the present moment, ${AHEAD} or more; if the time after the expiry is meant, turn require-expiry-buffer off for this line and say why`,
    );
  }
  if (kind === 'lifetime') {
    return marked(
      buffer === 0 ? 'the token is kept for its whole lifetime' : `the token is kept until ${duration(buffer)} before it expires`,
      `Keep it ${AHEAD} less (expires_in - ${MIN_BUFFER}, in seconds), and do not keep one that lives no longer than that`,
    );
  }
  if (buffer > 0) return marked(`the buffer is ${duration(buffer)}, too short for requests under way and for clocks that differ`, `Make it ${AHEAD} or more: ${MIN_BUFFER} in seconds, ${MIN_BUFFER}000 in milliseconds`);
  return marked(
    'the comparison does not show where the present moment stands in it, and in which unit',
    `Let the token count as expired ${AHEAD} ahead: take ${MIN_BUFFER} off the expiry in seconds, ${MIN_BUFFER}000 in milliseconds`,
  );
}

function alreadySafe({ buffer }: ExpiryCheck): Decision {
  return { state: 'already-safe', reason: Number.isFinite(buffer) ? `renewed ${duration(buffer)} before it expires` : 'a buffer is taken off' };
}
