import { behaviourGroups } from '@plumb/protocol'
import type {
  Behaviour,
  CaughtShare,
  Defence,
  MisbehaviourResults,
  RogueSetResult,
} from '@plumb/protocol'

/** The page `docs/misbehaviour.md`; without results it says that nothing was measured yet. */
export function misbehaviourPage(results: MisbehaviourResults | null): string {
  const sections = behaviourGroups.map(({ letter, title, rows }) =>
    [
      `## ${letter}. ${title}`,
      '',
      '| id | what the agent does | layers | kinds | what is done about it | first set | second set |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows.map((row) => line(row, results)),
      '',
    ].join('\n'),
  )
  return `${introduction}\n${measured(results)}\n\n${sections.join('\n')}`
}

function line(row: Behaviour, results: MisbehaviourResults | null): string {
  const sets = results?.behaviours[row.id]?.sets
  const cells = [
    row.id,
    row.title,
    row.layers.join(' '),
    row.appliesTo.length === 2 ? 'all' : row.appliesTo.join(),
    row.defences.map(defenceText).join('<br>'),
    setText(sets?.first),
    setText(sets?.second),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function defenceText(defence: Defence): string {
  switch (defence.kind) {
    case 'prevented':
      return `Prevented: ${defence.by}.`
    case 'detected':
      return `Detected: ${defence.by.map((name) => `\`${name}\``).join(', ')}.`
    case 'open':
      return `**Open**: ${defence.reason}.`
  }
}

function setText(set: RogueSetResult | undefined): string {
  if (set === undefined || set.variants.length === 0) return '-'
  const parts = [
    [set.prevented, 'prevented'],
    [set.detected, 'detected'],
    [set.missed, 'missed'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return `${told.join(', ')} of ${set.variants.length}`
}

function measured(results: MisbehaviourResults | null): string {
  if (results === null)
    return 'Nothing was measured yet: `plumb bench misbehaviour --write` adds what rogue agents came to.'
  const { twins, variants, measuredWith } = results
  const { count, falseBlocks } = twins
  return [
    `Measured through the whole pipeline with ${measuredWith.model}, over ${measuredWith.providers.join(', ')}:`,
    '',
    `- variants written beside the detectors: ${shareText(variants.first)};`,
    `- variants written against the finished detectors: ${shareText(variants.second)};`,
    `- of ${count} honest twins, ${falseBlocks} were blocked.`,
    '',
    '`plumb bench misbehaviour --write` measures it again; `misbehaviour-results.json` beside this page has each variant.',
  ].join('\n')
}

function shareText(share: CaughtShare | undefined): string {
  if (share === undefined) return 'not measured'
  const [low, high] = share.interval.map((end) => `${Math.round(end * 1000) / 10} %`)
  return `${share.caught} of ${share.of} prevented or detected (95 % interval ${low} to ${high})`
}

const introduction = `# Misbehaviour

What coding agents do to look finished, and what stands against each of it. Ids are stable: findings, tests and reports
use them. A behaviour is **prevented** when it cannot happen or cannot have an effect, **detected** when a check finds it
(\`lint/...\` are rules on the source, listed in [checks.md](checks.md)), and **open** where an honest doubt is left.

Layers: D0 integrity (hashes, signatures, lists of what is allowed), D1 the source, D2 running the function again under
changed circumstances, D3 the trace of the agent, D4 a model that compares, D5 a person.

This page is written from \`packages/protocol/src/catalogue\` and the last result of the benchmark
(\`npx vitest run packages/builder/src/verification/misbehaviour-page.test.ts -u\`).
`
