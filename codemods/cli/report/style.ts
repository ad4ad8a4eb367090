/** The style sheet of the page: readable in the dark, on a phone and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fff; --surface: #f3f5f7; --text: #1b1f24; --quiet: #4c555f; --line: #c9d0d6; --link: #0b57b0;
  --marked: #c2410c; --left: #b7791f; --migrated: #1f7a4d; --already-safe: #6b9c86; --open: #c2410c; --ends: #b7791f; --renewed: #1f7a4d; }
@media (prefers-color-scheme: dark) { :root { --page: #12161b; --surface: #1d232a; --text: #e8ecf0; --quiet: #aab4be; --line: #3a434d; --link: #8ec2ff;
  --marked: #f08a5d; --left: #e0b050; --migrated: #4fb286; --already-safe: #7aa593; --open: #f08a5d; --ends: #e0b050; --renewed: #4fb286; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
h3 { font: 600 .95rem/1.4 ui-monospace, monospace; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
code { font: .9em/1.4 ui-monospace, monospace; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.quiet, dt { color: var(--quiet); }
.summary { font-size: 1.15rem; }
.warning { border-left: .3rem solid var(--marked); padding-left: .75rem; }
.bar { display: block; width: 100%; height: 1.25rem; margin-top: .5rem; border-radius: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
.flow { display: block; max-width: 100%; height: auto; margin: .75rem 0; }
.flow text { font: 12px system-ui, sans-serif; fill: var(--text); }
.flow .head { fill: var(--quiet); }
.flow.narrow { display: none; }
.box { fill: var(--surface); stroke: var(--line); }
.band { opacity: .55; }
.marked { fill: var(--marked); } .left { fill: var(--left); } .migrated { fill: var(--migrated); } .already-safe { fill: var(--already-safe); }
.open { fill: var(--open); } .ends { fill: var(--ends); } .renewed { fill: var(--renewed); }
.key.marked { background: var(--marked); } .key.left { background: var(--left); } .key.migrated { background: var(--migrated); } .key.already-safe { background: var(--already-safe); }
.key.open { background: var(--open); } .key.ends { background: var(--ends); } .key.renewed { background: var(--renewed); }
.finding { border: 1px solid var(--line); border-left-width: .3rem; border-radius: 4px; padding: .5rem .75rem; margin: .5rem 0; break-inside: avoid; }
.finding.marked { border-left-color: var(--marked); } .finding.left { border-left-color: var(--left); }
.finding.migrated { border-left-color: var(--migrated); } .finding.already-safe { border-left-color: var(--already-safe); }
dl { margin: .25rem 0 0; display: grid; grid-template-columns: 5rem 1fr; gap: .15rem .75rem; }
dd { margin: 0; }
@media (max-width: 45rem) { .flow.wide { display: none; } .flow.narrow { display: block; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
@media print { :root { color-scheme: light; --page: #fff; --surface: #f3f5f7; --text: #000; --quiet: #333; --line: #999; --link: #000;
  --marked: #c2410c; --left: #b7791f; --migrated: #1f7a4d; --already-safe: #6b9c86; --open: #c2410c; --ends: #b7791f; --renewed: #1f7a4d; }
  * { print-color-adjust: exact; } body { max-width: none; padding: 0; font-size: 10pt; } h2, h3 { break-after: avoid; } svg { break-inside: avoid; } }
`;
