import type { AccountAnswer } from '../server/account-request.js'
import type { Clock } from '../test-account.js'
import { hubspotError } from './hubspot-answers.js'

const mostSearches = 5
const mostCalls = 190
const second = 1000
const tenSeconds = 10_000

export type RateLimits = {
  /** The refusal of a call that comes too soon, or null. Refused calls do not count. */
  refuse(isSearch: boolean): AccountAnswer | null
  /** What every answer but that of a search says about the limit. */
  headers(): Readonly<Record<string, string>>
  reset(): void
}

/** Five searches in a second, 190 calls in ten. */
export function createRateLimits(clock: Clock): RateLimits {
  let searches: number[] = []
  let calls: number[] = []
  const now = () => clock().getTime()
  return {
    refuse(isSearch) {
      searches = searches.filter((at) => now() - at < second)
      calls = calls.filter((at) => now() - at < tenSeconds)
      if (isSearch && searches.length >= mostSearches)
        return tooMany('SECONDLY', 'You have reached your secondly limit.')
      if (calls.length >= mostCalls)
        return tooMany('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.')
      if (isSearch) searches.push(now())
      calls.push(now())
      return null
    },
    headers: () => ({
      'x-hubspot-ratelimit-max': String(mostCalls),
      'x-hubspot-ratelimit-remaining': String(mostCalls - calls.length),
      'x-hubspot-ratelimit-interval-milliseconds': String(tenSeconds),
    }),
    reset() {
      searches = []
      calls = []
    },
  }
}

function tooMany(policyName: string, message: string): AccountAnswer {
  const error = { message, category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName }
  return hubspotError(429, error)
}
