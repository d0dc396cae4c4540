import type { Operation, Receipt } from '@plumb/protocol'
import { lastResource } from '../description/schema-shape.js'
import { relatedWords } from '../description/thesaurus.js'
import { wordsOf } from '../description/words.js'
import { chooseKind } from '../draft/choose-kind.js'
import { chooseOperation } from '../draft/choose-operation.js'
import { createOperationMatcher } from '../reading/operation-matcher.js'
import type { VerificationInput } from './verification-input.js'

/** From here on, the words of an interaction are taken to mean one operation. */
const likely = 0.65

/** Whether a refused call stands in the way of what the interaction asks for. Where that is open, it does. */
export function concernsInteraction(input: VerificationInput, denied: Receipt): boolean {
  const { interaction } = input
  // A refused credential, and what the function itself calls, are about all of it.
  if (denied.response?.status === 401 || denied.purpose !== 'explore') return true
  const best = obviousOperation(input)
  if (best === null) return true
  const steps = literalSteps(new URL(denied.request.url).pathname)
  if (steps.some((step) => /^(me|self|user|users|account|accounts|whoami|viewer)$/i.test(step)))
    return true
  const wanted = new Set(wordsOf(`${best.id} ${best.path} ${best.summary}`).flatMap(withRelated))
  const told = wordsOf(`${interaction.id} ${interaction.description} ${interaction.prompt ?? ''}`)
  const known = new Set([...wanted, ...told.flatMap(withRelated)])
  const own = withoutBase(input, steps)
  return own.some((step) => wordsOf(step).some((word) => known.has(word)))
}

/** The operation that the interaction plainly means although it was never called; null when there is none. */
export function obviousButUncalled(input: VerificationInput): Operation | null {
  const best = obviousOperation(input)
  if (best === null) return null
  const { description, baseUrl, provider, interaction } = input
  const matcher = createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
  const called = input.evidence.receipts.some(({ request, purpose }) => {
    const operation = matcher.match(request.method, request.url)
    return purpose !== 'probe' && operation !== null && sameResource(operation, best)
  })
  const told = new Set(wordsOf(`${interaction.id} ${interaction.description}`))
  const isNamed = wordsOf(lastResource(best.path)).some((word) => told.has(word))
  return called || !isNamed ? null : best
}

function sameResource(one: Operation, other: Operation): boolean {
  return one.id === other.id || lastResource(one.path) === lastResource(other.path)
}

function obviousOperation({ description, provider, interaction }: VerificationInput) {
  const kind = chooseKind(interaction)
  const { operation, certainty } = chooseOperation({ description, provider, interaction }, kind)
  return certainty >= likely ? operation : null
}

function withRelated(word: string): string[] {
  return [word, ...relatedWords(word)]
}

/** What a version or the base URL says is in every call. */
function withoutBase({ baseUrl }: VerificationInput, steps: readonly string[]): string[] {
  const base = new Set(literalSteps(new URL(baseUrl).pathname))
  return steps.filter((step) => !base.has(step) && !/^v\d+$/i.test(step))
}

function literalSteps(pathname: string): string[] {
  return pathname.split('/').filter((step) => /[a-z]{2}/i.test(step) && !/\d{3}/.test(step))
}
