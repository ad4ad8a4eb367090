import type { Report } from './model';

/** For programs: the report as it is. */
export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
