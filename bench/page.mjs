// What the pages that benches write have in common.
import { cpus, loadavg, totalmem } from 'node:os';

/** Said before the run: its own load is not the point. */
export function machine() {
  const cores = cpus().length;
  const [load] = loadavg();
  const shared = load > cores ? ': it was shared with other work, which inflates times' : '';
  return `${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}, load average ${load.toFixed(1)} at the start${shared}`;
}

/** A table in Markdown. */
export function table(headings, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
