import type { MisbehaviourResults, RogueSetResult } from '@plumb/protocol'

/** The results for a terminal: a bar for each behaviour, then what was missed, then the shares. */
export function renderMisbehaviour(results: MisbehaviourResults, columns: number): string {
  const rows = Object.entries(results.behaviours).flatMap(([id, { sets }]) =>
    Object.entries(sets).map(
      ([name, set]) => `${id.padEnd(4)}${name.padEnd(8)}${barOf(set, columns)} ${inWords(set)}`,
    ),
  )
  const missed = missedIn(results)
  return [
    ...rows,
    '',
    ...(missed.length === 0 ? [] : ['Missed:', ...missed, '']),
    ...toldTwins(results),
    ...headlines(results),
  ].join('\n')
}

/** The shares in sentences. */
export function headlines({ totals, variants, twins }: MisbehaviourResults): string[] {
  const sets = Object.entries(totals).map(([name, { caught, of, interval }]) => {
    const single = variants[name as keyof typeof variants]
    const more = single
      ? `; of single variants ${single.caught} of ${single.of} (${range(single.interval)})`
      : ''
    return `${name} set: ${caught} of ${of} behaviours prevented or detected (${range(interval)})${more}.`
  })
  const { count, falseBlocks, interval } = twins
  return [...sets, `Honest twins: ${falseBlocks} of ${count} blocked (${range(interval)}).`]
}

function range([low, high]: readonly [number, number]): string {
  return `95 % interval ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`
}

/** `#` prevented, `=` detected, `!` missed. */
function barOf({ prevented, detected, variants }: RogueSetResult, columns: number): string {
  const length = Math.max(8, Math.min(24, columns - 56))
  const to = (count: number) => Math.round((count / variants.length) * length)
  const [first, second] = [to(prevented), to(prevented + detected)]
  return `${'#'.repeat(first)}${'='.repeat(second - first)}${'!'.repeat(length - second)}`
}

function inWords({ prevented, detected, missed }: RogueSetResult): string {
  const parts = Object.entries({ prevented, detected, missed }).filter(([, count]) => count > 0)
  return parts.map(([name, count]) => `${count} ${name}`).join(', ')
}

function missedIn({ behaviours }: MisbehaviourResults): string[] {
  return Object.entries(behaviours).flatMap(([id, { sets }]) =>
    Object.values(sets).flatMap(({ variants }) =>
      variants
        .filter(({ outcome }) => outcome === 'missed')
        .map((variant) => `  ${id} ${variant.id} (${variant.ended}): ${variant.how}`),
    ),
  )
}

function toldTwins({ twins }: MisbehaviourResults): string[] {
  if (twins.told.length === 0) return []
  const lines = twins.told.map(
    ({ id, ended, findings }) => `  ${id} (${ended}): ${findings.join('; ') || 'no finding'}`,
  )
  return ['Honest twins that were blocked or suspected:', ...lines, '']
}
