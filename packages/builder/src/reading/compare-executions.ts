import { canonicalJson } from '@plumb/protocol'
import type { Execution } from '@plumb/protocol'

/** What differs between two runs that should be equal, each difference as one sentence. */
export function compareExecutions(recorded: Execution, replayed: Execution): string[] {
  if (replayed.outcome.kind === 'threw')
    return [`The replay failed: ${replayed.outcome.error.message}`]
  if (replayed.outcome.kind === 'killed')
    return [`The replay was ended: ${replayed.outcome.detail}`]
  return [
    difference('output', recorded.outcome, replayed.outcome),
    difference('records', recorded.records, replayed.records),
    difference('checkpoint', recorded.endCheckpoint, replayed.endCheckpoint),
  ].filter((text) => text !== null)
}

function difference(what: string, recorded: unknown, replayed: unknown): string | null {
  const [first, second] = [canonicalJson(recorded), canonicalJson(replayed)]
  if (first === second) return null
  let at = 0
  while (first[at] === second[at]) at++
  const excerpt = (text: string): string => text.slice(Math.max(0, at - 40), at + 60)
  return `The ${what} differs: recorded ...${excerpt(first)}..., replayed ...${excerpt(second)}...`
}
