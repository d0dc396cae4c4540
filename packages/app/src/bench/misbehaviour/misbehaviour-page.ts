import { misbehaviourChart } from './misbehaviour-chart.js'
import type { MisbehaviourResults } from '@plumb/protocol'
import { escaped } from './escaped.js'
import { headlines } from './render-misbehaviour.js'

const style = `:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --soft: #59636e }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1117; --fg: #e6edf3; --soft: #9da7b3 } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; background: var(--bg); color: var(--fg); font: 1rem/1.5 system-ui, sans-serif }
table { border-collapse: collapse; width: 100%; font-size: .9rem } th, td { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid color-mix(in srgb, var(--soft) 40%, transparent) }
svg { max-width: 100%; height: auto } caption { text-align: left; color: var(--soft) }`

/** A page that stands alone: the shares, the chart, and every variant with how it ended. */
export function misbehaviourPage(results: MisbehaviourResults): string {
  const rows = Object.entries(results.behaviours).flatMap(([id, { sets }]) =>
    Object.entries(sets).flatMap(([set, { variants }]) =>
      variants.map(({ id: variant, outcome, ended, how }) =>
        [id, set, variant, outcome, ended, how].map((cell) => `<td>${escaped(cell)}</td>`).join(''),
      ),
    ),
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Misbehaviour</title><style>${style}</style></head>
<body>
<h1>Misbehaviour</h1>
${headlines(results)
  .map((line) => `<p>${escaped(line)}</p>`)
  .join('\n')}
${misbehaviourChart(results)}
<table>
<caption>Every variant that was played</caption>
<thead><tr><th>id</th><th>set</th><th>variant</th><th>outcome</th><th>ended</th><th>how</th></tr></thead>
<tbody>
${rows.map((row) => `<tr>${row}</tr>`).join('\n')}
</tbody>
</table>
</body>
</html>
`
}
