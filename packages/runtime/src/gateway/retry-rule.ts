import type { Provider, ProviderRequest } from '@plumb/protocol'
import type { Answer } from './access-rule.js'
import { asText, jsonIn, valueAt } from './body-value.js'
import { retryDelay } from './retry-delay.js'
import type { TransportAnswer } from './transport.js'

/** Trying again gives the same result. */
const finalFailures = new Set(['too-large', 'private-address', 'aborted', 'tls'])

type Situation = {
  readonly provider: Provider
  readonly request: ProviderRequest
  /** Sending twice does no harm. */
  readonly repeatable: boolean
  /** From 0. */
  readonly retry: number
  readonly now: number
  readonly random: number
}

/** Milliseconds to wait before `answer` is asked for again, or null to hand it on. */
export function delayBeforeRetry(answer: TransportAnswer, situation: Situation): number | null {
  const { provider, request, retry } = situation
  if (retry >= request.retries) return null
  const wanted =
    answer.kind === 'failure'
      ? failureIsRetried(answer, situation)
      : answerIsRetried(answer, situation)
  if (!wanted) return null
  const rules = [request.retryHeader, provider.proxy.retry].filter(
    (rule) => rule !== null && rule !== undefined,
  )
  return retryDelay({
    retry,
    headers: answer.kind === 'response' ? answer.headers : {},
    limited: answer.kind === 'response' && isRateLimited(provider, answer),
    rules,
    now: situation.now,
    random: situation.random,
  })
}

function failureIsRetried(
  failure: Extract<TransportAnswer, { kind: 'failure' }>,
  situation: Situation,
): boolean {
  if (finalFailures.has(failure.code)) return false
  return situation.repeatable || !failure.mayHaveHappened
}

function answerIsRetried(answer: Answer, { provider, request, repeatable }: Situation): boolean {
  if (request.expectedStatus.includes(answer.status)) return false
  // The provider refused to look at it, so not even a write has happened.
  if (isRateLimited(provider, answer)) return true
  if (!repeatable) return false
  const codes = [...request.retryOn, ...(provider.proxy.retry?.errorCodes ?? [])]
  return answer.status >= 500 || codes.includes(answer.status)
}

/** Whether the answer says "too many calls", also where a provider uses another status than 429. */
export function isRateLimited(provider: Provider, answer: Answer): boolean {
  if (answer.status === 429) return true
  const rule = provider.proxy.retry
  if (rule?.inBody !== undefined) {
    const told = asText(valueAt(jsonIn(answer.body), rule.inBody.path))
    if (told !== '' && new RegExp(rule.inBody.matches).test(told)) return true
  }
  if (answer.status !== 403) return false
  const left =
    rule?.remaining === undefined ? undefined : answer.headers[rule.remaining.toLowerCase()]
  return left === '0' || answer.headers['retry-after'] !== undefined
}
