"""The look of a page: on a phone, on a screen light or dark, on paper."""

STYLE = """
:root { --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --line: #d0d7de; --band: #f6f8fa;
  --link: #0b5cad; --fault: #b42318; --warning: #8a5300; --note: #0b5cad; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --quiet: #9da7b1; --paper: #0d1117; --line: #30363d;
    --band: #161b22; --link: #79b8ff; --fault: #ff8f80; --warning: #f0b457; --note: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main, header { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p { margin: .4rem 0 .8rem; max-width: 46rem; }
a { color: var(--link); }
figure { margin: 0; }
.verdict { font-size: 1.1rem; font-weight: 600; padding: .7rem 1rem; background: var(--band);
  border-left: 4px solid var(--link); max-width: none; white-space: pre-line; }
nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; padding: 0;
  margin: .5rem 0 0; }
nav a { display: inline-block; padding: .35rem 0; }
.rank { font-size: .8rem; font-weight: 700; border: 1px solid; border-radius: 1rem;
  padding: .05rem .6rem; margin-right: .5rem; white-space: nowrap; }
.fault { color: var(--fault); } .warning { color: var(--warning); } .note { color: var(--note); }
.plots { display: grid; gap: 1rem; margin: 1rem 0; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 23rem), 1fr)); }
.plots img { display: block; width: 100%; max-width: 32rem; height: auto; background: #ffffff;
  border: 1px solid var(--line); border-radius: 6px; padding: .4rem; }
.wide { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; min-width: min(100%, 22rem); font-size: .92rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
th, td { padding: .3rem 1.1rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); overflow-wrap: normal; }
td { max-width: 26rem; }
th { font-weight: 600; color: var(--quiet); }
.number { text-align: right; white-space: nowrap; }
pre { background: var(--band); padding: .8rem; border-radius: 6px; overflow-x: auto;
  font: .82rem/1.45 ui-monospace, monospace; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1.25rem;
  margin: .8rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
footer { color: var(--quiet); font-size: .9rem; max-width: 62rem; margin: 2.5rem auto 0;
  padding: 0 1rem 2rem; }
@media (max-width: 30rem) { table { font-size: .85rem; } th, td { padding-right: .7rem; } }
@media print { body { font-size: 10.5pt; } nav { display: none; }
  .plots, table, figure, dl { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .wide, pre { overflow: visible; } pre { white-space: pre-wrap; } }
"""
