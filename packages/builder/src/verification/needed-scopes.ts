import type { Finding, Operation } from '@plumb/protocol'
import { createOperationMatcher } from '../reading/operation-matcher.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the function ask for no more access than the operations it calls need? */
export const neededScopes: Check = {
  name: 'needed-scopes',
  run: (input) => {
    const asked = input.compiled?.definition.scopes ?? []
    const called = calledOperations(input)
    // An operation of which nobody says what it needs may need anything.
    if (asked.length === 0 || called.length === 0 || called.some(({ scopes }) => !scopes.length))
      return []
    const needed = new Set(called.flatMap(({ scopes }) => scopes.flat()))
    return asked.filter((scope) => !needed.has(scope)).map((scope) => finding(scope, needed))
  },
}

function calledOperations(input: CheckInput): Operation[] {
  const { evidence, description, provider, baseUrl, dryRuns } = input
  const matcher = createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
  const runs = new Set(dryRuns.map(({ id }) => id))
  const operations = evidence.receipts
    .filter(({ executionId }) => executionId !== null && runs.has(executionId))
    .map(({ request }) => matcher.match(request.method, request.url))
  return [...new Set(operations.filter((one) => one !== null))]
}

function finding(scope: string, needed: ReadonlySet<string>): Finding {
  return {
    check: neededScopes.name,
    behaviour: 'E9',
    severity: 'warn',
    message: `The function asks for the scope ${JSON.stringify(scope)}; what it calls needs only ${[...needed].join(', ')}.`,
    remedy: 'Ask for the narrowest scopes with which the called operations work.',
    pointer: null,
  }
}
