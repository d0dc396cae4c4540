import type { Divergence } from '@plumb/protocol'
import type { AttemptClues } from './attempt-clues.js'
import { askedFor } from './unmet-wish.js'

/** A verb, an option or a program that does not exist. */
export function inventedCommand({ trace, steps }: AttemptClues): Divergence | null {
  const asked = trace.flatMap((event) => {
    const wish = askedFor(event)
    return wish === null ? [] : [{ ...wish, sequence: event.sequence }]
  })
  const [first] = asked
  if (!first) return null
  const typed = steps.find(({ sequence }) => sequence === first.sequence)?.what ?? first.asked
  const nearest = first.nearest === null ? '' : ` The nearest there is: ${first.nearest}.`
  const good = steps.find(({ sequence, state }) => sequence > first.sequence && state === 'ok')
  return {
    kind: 'invented-command',
    subject: first.asked,
    sequence: first.sequence,
    premise: `There is no ${nouns[first.kind]} "${first.asked}", which "${typed}" asked for.${nearest}`,
    consequences: asked.slice(1).map(({ sequence }) => sequence),
    receipts: [],
    contradiction: good ? { sequence: good.sequence, text: `${good.what} did work` } : null,
  }
}

const nouns = { verb: 'command', option: 'option', program: 'program' } as const
