/** Style of the report page: light and dark by the reader's setting, readable on paper and small screens. */
export const reportStyle = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
  --good: #116329; --warn: #7d4e00; --bad: #a40e26; --link: #0757ba }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1117; --fg: #e6edf3; --soft: #9da7b3; --line: #3d444d; --panel: #161b22;
  --good: #4ac26b; --warn: #e3b341; --bad: #ff8182; --link: #79b8ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; background: var(--bg); color: var(--fg); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem } h3 { font-size: 1.05rem; margin: 0 0 .25rem }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
a { color: var(--link) } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0 } dt { color: var(--soft); font-size: .85rem } dd { margin: 0 }
.sum { font-size: 1.1rem } .scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .75rem; border-bottom: 1px solid var(--line) }
caption { text-align: left; color: var(--soft); padding: 0 .75rem .35rem } thead th { color: var(--soft); font-size: .85rem } .n { text-align: right; font-variant-numeric: tabular-nums }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem; font-size: .8rem; white-space: nowrap; font-weight: 600 }
.accepted { color: var(--good) } .blocked, .warn, .undecided { color: var(--warn) } .rejected, .exhausted, .reject { color: var(--bad) } .note { color: var(--soft) }
article { border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); padding: 1rem; margin: 0 0 1rem }
article p { margin: .25rem 0 } summary { cursor: pointer; padding: .25rem 0 }
.timeline { list-style: none; padding: 0; font: .85rem/1.5 ui-monospace, monospace } .timeline li { display: grid; grid-template-columns: 5.5rem 4rem 1fr; gap: .5rem; overflow-wrap: anywhere; padding: .1rem .25rem }
.timeline .at, .timeline .note { color: var(--soft) } .timeline .failed .state { color: var(--bad) } .timeline .ok .state { color: var(--good) }
.divergence { outline: 2px solid var(--warn) } .findings { padding-left: 1.25rem }
`
