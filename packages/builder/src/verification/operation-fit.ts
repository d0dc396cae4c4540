import type { Finding, Operation } from '@plumb/protocol'
import { lastResource } from '../description/schema-shape.js'
import { relatedWords } from '../description/thesaurus.js'
import { isVerb, wordsOf } from '../description/words.js'
import { chooseOperation } from '../draft/choose-operation.js'
import { dryRunCalls } from './dry-run-calls.js'
import type { Check, CheckInput } from './verification-input.js'

/** From this lead on, the words of an interaction are taken to mean one operation. */
const sure = 0.9
const likely = 0.6

/** Does the function call what the interaction is about, and not something beside it? */
export const operationFit: Check = {
  name: 'operation-fit',
  run: (input) => {
    const { compiled, interaction, description, provider } = input
    const kind = compiled?.definition.kind
    if (kind !== 'action' && kind !== 'sync') return []
    const called = dryRunCalls(input).flatMap(({ operation }) => operation ?? [])
    if (called.length === 0) return []
    const { operation: best, certainty } = chooseOperation(
      { description, provider, interaction },
      kind,
    )
    if (best === null || called.some((one) => sameResource(one, best))) return []
    const isBeside = certainty >= sure || (certainty >= likely && isElsewhere(input, called, best))
    return isBeside ? [finding(called, best)] : []
  },
}

/** Words that say nothing about what is meant. */
const general = /^(all|every|each|one|page|item|data|record|result|account|copy|index|api)s?$/

function sameResource(one: Operation, other: Operation): boolean {
  return one.id === other.id || lastResource(one.path) === lastResource(other.path)
}

/** What the best operation is about stands in the interaction, and what was called is not spoken of. */
function isElsewhere(
  { interaction }: CheckInput,
  called: readonly Operation[],
  best: Operation,
): boolean {
  const { id, displayName = '', description, prompt = '' } = interaction
  const told = wordsOf(`${id} ${displayName} ${description} ${prompt}`)
  const known = new Set(told.flatMap((word) => [word, ...relatedWords(word)]))
  const isSpokenOf = ({ path, summary }: Operation): boolean =>
    // A summary speaks of much else; where paths are names of methods, it is all there is.
    wordsOf(`${lastResource(path)} ${/\.[^/]*$/.test(path) ? summary : ''}`)
      .filter((word) => !isVerb(word) && !general.test(word))
      .some((word) => known.has(word))
  return isSpokenOf(best) && !called.some(isSpokenOf)
}

function finding(called: readonly Operation[], best: Operation): Finding {
  const names = [...new Set(called.map(({ id }) => id))].join(', ')
  return {
    check: operationFit.name,
    behaviour: 'E3',
    severity: 'warn',
    message: `The function calls ${names}; what the interaction asks for reads like ${best.id} (${best.method} ${best.path}).`,
    remedy:
      'Compare both with "plumb docs show", and call the operation that the interaction is about.',
    pointer: null,
  }
}
