import { text, type Answer, type Incoming } from './http';
import type { OrgState } from './state';

/** Placeholder until Bulk lands. */
export function bulk(_request: Incoming, _org: OrgState): Answer {
  return text(404, '');
}
