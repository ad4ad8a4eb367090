/** What the codemods share: every place that they look at ends in exactly one state, and a marked one with a comment in the code. */
import type { Node, Source } from '../analysis/source';
import { markerOf, markStatement, type Edit } from '../edits';
import type { ReportEntry, TokenFlow } from './report';

/** What becomes of a place, and why. */
export type Decision =
  | { state: 'migrated' | 'already-safe'; reason: string; next?: string; variable?: string }
  | { state: 'marked' | 'left'; reason: string; next: string };

/** A place that a codemod looks at. */
export interface Place {
  /** Rule that reports the same place, such as `no-soap-login`. */
  rule: string;
  /** What the report and the marker point at. */
  node: Node;
  /** What was found, such as `SOAP login() through jsforce`. */
  what: string;
  /** Where in the text it is, where that is not where `node` starts. */
  start?: { line: number; column: number };
  /** The way of its token, where it sends or obtains one. */
  flow?: TokenFlow;
}

/** What came of the places of a file. */
export interface Settled<P extends Place> {
  entries: ReportEntry[];
  /** The comments to put in for those that a person must see to. */
  markers: Edit[];
  /** Those to rewrite, in source order. */
  migrated: P[];
}

const ALREADY_MARKED: Decision = { state: 'marked', reason: 'marked by an earlier run', next: 'Do what the marker says, then delete it' };

/** Decides on every place. One that a marker stands on stays marked, whatever `decide` would say of it. */
export function settle<P extends Place>(transform: string, path: string, source: Source, places: readonly P[], decide: (place: P) => Decision): Settled<P> {
  const settled: Settled<P> = { entries: [], markers: [], migrated: [] };
  for (const place of places) {
    const { rule, node } = place;
    const decision = markerOf(source, node, rule) ? ALREADY_MARKED : decide(place);
    settled.entries.push(entryFor(transform, path, place, decision));
    if (decision.state === 'migrated') settled.migrated.push(place);
    if (decision.state !== 'marked' || decision === ALREADY_MARKED) continue;
    const marker = markStatement(source, node, { rule, text: `${decision.reason}. ${decision.next}.` });
    if (marker) settled.markers.push(marker);
  }
  return settled;
}

/** The line of the report for a place. */
export function entryFor(transform: string, path: string, { rule, node, what, start, flow }: Place, decision: Decision): ReportEntry {
  const { line, column } = start ?? node.loc.start;
  const { state, reason, next } = decision;
  const variable = 'variable' in decision ? decision.variable : undefined;
  return { transform, rule, path, line, column: column + 1, state, what, reason, ...(next !== undefined && { next: `${next}.` }), ...(flow && { flow }), ...(variable !== undefined && { variable }) };
}
