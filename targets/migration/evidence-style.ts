/** The page's looks. Light and dark by preference; text at 4.5:1 or better, lines and signs at 3:1. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #fbfaf7; --card: #ffffff; --ink: #1c1b19; --quiet: #5f5b53; --rule: #dedad1;
  --old: #1d5fd1; --new: #0b7a4b; --good: #0b6b3f; --bad: #b3261e; --good-soft: #e4f3ea; --bad-soft: #fbe7e4; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151a; --card: #1a1f26; --ink: #ece9e2; --quiet: #a5a198; --rule: #333a44;
  --old: #7ab0ff; --new: #4fd198; --good: #5fd39a; --bad: #ff9a90; --good-soft: #14301f; --bad-soft: #3b1a18; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3.5rem); }
h1, h2 { font-family: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif; line-height: 1.15;
  text-wrap: balance; font-weight: 600; }
h1 { font-size: clamp(1.9rem, 5vw, 3.1rem); margin: .2rem 0 .8rem; letter-spacing: -.015em; }
h2 { font-size: 1.5rem; margin: 0 0 .8rem; }
section { margin-top: 3.2rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: .9rem 1.1rem; overflow-x: auto; }
.kicker { text-transform: uppercase; letter-spacing: .09em; font-size: .8rem; color: var(--quiet); margin: 0; }
time { white-space: nowrap; }
.lede { font-size: 1.1rem; color: var(--quiet); } .lede b { color: var(--ink); font-weight: 600; }
header.good h1 > span, .tally.good, .good { color: var(--good); } header.bad h1 > span, .tally.bad, .bad { color: var(--bad); }
header.good, header.bad { color: inherit; }
.reason { background: var(--bad-soft); border-left: 4px solid var(--bad); border-radius: 0 6px 6px 0;
  padding: .5rem .9rem; max-width: 60rem; font-weight: 400; overflow-wrap: anywhere; }
td .reason, th .reason { font-size: .9rem; margin: .4rem 0 0; }
.quiet { color: var(--quiet); }
.tally { font: 600 clamp(1.7rem, 5vw, 2.6rem)/1.1 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: -.03em; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem; margin: 0; }
.cards div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: .9rem 1rem; }
.cards dt { font-size: .85rem; color: var(--quiet); } .cards dd { margin: 0; font-size: 1.75rem; font-weight: 650;
  font-variant-numeric: tabular-nums; letter-spacing: -.02em; line-height: 1.25; }
.cards .note { font-size: .82rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); line-height: 1.35; }
.key { font-weight: 600; padding-bottom: 1px; } .key.old { color: var(--old); border-bottom: 3px solid; }
.key.new { color: var(--new); border-bottom: 3px dashed; }
.now { font-variant-numeric: tabular-nums; color: var(--quiet); min-height: 1.55em; margin-bottom: .4rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: .8rem .8rem .3rem; min-width: 0; }
figcaption { font-size: .92rem; } figcaption span { color: var(--quiet); }
.charts figure:first-child { grid-column: 1 / -1; }
.chart { min-height: 14rem; width: 100%; overflow: hidden; }
.uplot, .u-legend { font: inherit; font-size: .82rem; } .u-legend { font-variant-numeric: tabular-nums; }
.u-legend .u-series th { font-weight: 400; } .u-select { background: color-mix(in srgb, var(--ink) 12%, transparent); }
.u-cursor-x, .u-cursor-y { border-color: var(--quiet) !important; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 10px; background: var(--card); }
.scroll:focus-visible, pre:focus-visible, summary:focus-visible { outline: 3px solid var(--old); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; padding: .7rem .9rem .3rem; color: var(--quiet); font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem; font-weight: 400; }
.u-legend th, .u-legend td { padding: .2rem .4rem; }
thead th { font-size: .8rem; color: var(--quiet); border-bottom: 1px solid var(--rule); white-space: nowrap; }
.scroll tbody tr + tr > * { border-top: 1px solid var(--rule); }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; } td.number { text-align: right; }
.phase { color: var(--quiet); white-space: nowrap; } .words { min-width: 18rem; color: var(--quiet); }
.badge { white-space: nowrap; font-size: .85rem; font-weight: 600; } .badge.quiet { font-weight: 400; }
.gantt { min-width: 9rem; width: 24%; } .bar { display: block; height: .6rem; margin-top: .45rem; border-radius: 3px; background: var(--old); }
.bar.failed, .bar.interrupted { background: var(--bad); }
details > summary { cursor: pointer; } td details { font-size: .87rem; color: var(--quiet); }
td ul { margin: .3rem 0 0; padding-left: 1.1rem; }
.gate { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; margin-bottom: .6rem; }
.gate > summary { padding: .65rem .9rem; } .gate[open] > summary { border-bottom: 1px solid var(--rule); }
.gate .scroll { border: 0; }
@media (max-width: 40rem) { section { margin-top: 2.4rem; } .charts figure { padding: .6rem .4rem .2rem; }
  th, td { padding: .45rem .6rem; } .steps .gantt, .steps .phase, .steps thead th:last-child, .steps thead th:first-child { display: none; } }
@media (max-width: 40rem) {
  .checks caption, .losses caption { display: block; } .checks thead, .losses thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .checks, .checks tbody, .losses, .losses tbody { display: block; }
  .checks tr, .losses tr { display: grid; grid-template-columns: 1fr auto auto; padding: .35rem 0; }
  .scroll .checks tbody tr + tr, .scroll .losses tbody tr + tr { border-top: 1px solid var(--rule); }
  .scroll .checks tbody tr > *, .scroll .losses tbody tr > * { border: 0; padding: .1rem .6rem; }
  .checks tr > :nth-child(n + 3), .losses tr > :nth-child(n + 4) { grid-column: 1 / -1; text-align: left; }
  .checks tr > :nth-child(3)::before { content: "measured "; color: var(--quiet); }
  .checks tr > :nth-child(4)::before { content: "limit "; color: var(--quiet); }
  .words { min-width: 0; } .losses td, .losses th { overflow-wrap: anywhere; } }
@media print { body { background: #fff; } .gate { break-inside: avoid; } }
`;
