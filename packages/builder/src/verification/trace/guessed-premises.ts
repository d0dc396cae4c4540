import type { Execution, Finding, Receipt } from '@plumb/protocol'
import { createOperationMatcher } from '../../reading/operation-matcher.js'
import type { Check, CheckInput } from '../verification-input.js'

/** Failures of one kind that looking for the right way may need. */
const tolerated = 2
const toleratedRuns = 3

/** Did the agent go on from an assumption that every answer contradicted? */
export const guessedPremises: Check = {
  name: 'trace-premises',
  run: (input) => [...guessedAddresses(input), ...sameRefusals(input), ...sameFailures(input)],
}

/** Address after address which the API does not have, and its description neither. */
function guessedAddresses(input: CheckInput): Finding[] {
  const { description, baseUrl, provider, evidence } = input
  const matcher = createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
  const guessed = new Map<string, Receipt>()
  for (const receipt of evidence.receipts) {
    const { method, url } = receipt.request
    const isWrong = statusOf(receipt) === 404 || statusOf(receipt) === 405
    if (receipt.purpose === 'explore' && isWrong && matcher.match(method, url) === null)
      guessed.set(`${method} ${new URL(url).pathname}`, receipt)
  }
  const [first] = guessed.values()
  if (first === undefined || guessed.size <= tolerated) return []
  const names = [...guessed.keys()].slice(0, 3).join(', ')
  const message = `The agent tried ${guessed.size} addresses that the API does not have: ${names}.`
  return [finding(message, { kind: 'receipt', receiptId: first.id })]
}

/** The same operation refused for the same reason again and again, with other values each time. */
function sameRefusals(input: CheckInput): Finding[] {
  const { description, baseUrl, provider, evidence } = input
  const matcher = createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
  let streak: Receipt[] = []
  let key = ''
  for (const receipt of evidence.receipts.filter(({ purpose }) => purpose === 'explore')) {
    const status = statusOf(receipt)
    const operation = matcher.match(receipt.request.method, receipt.request.url)
    const own = `${operation?.id ?? ''} ${status}`
    const isRefused = operation !== null && [400, 404, 409, 422].includes(status)
    streak = isRefused ? (own === key ? [...streak, receipt] : [receipt]) : []
    key = own
    const [first] = streak
    if (first && operation && streak.length > tolerated + 1) {
      const message = `${operation.id} was answered with ${status} ${streak.length} times in a row, whatever the agent sent.`
      return [finding(message, { kind: 'receipt', receiptId: first.id })]
    }
  }
  return []
}

/** One source after the other, and the error stays what it was. */
function sameFailures({ evidence }: CheckInput): Finding[] {
  const runs = evidence.executions.filter(({ purpose }) => purpose === 'dryrun')
  let streak: Execution[] = []
  for (const run of runs) {
    const [first] = streak
    const reason = reasonOf(run)
    streak = reason === null ? [] : first && reasonOf(first) === reason ? [...streak, run] : [run]
    const begun = streak[0]
    if (begun && new Set(streak.map(({ sourceHash }) => sourceHash)).size > toleratedRuns) {
      const message = `${streak.length} dry runs of changed sources failed in the same way: ${reason ?? ''}`
      return [finding(message, { kind: 'execution', executionId: begun.id })]
    }
  }
  return []
}

function reasonOf({ outcome }: Execution): string | null {
  return outcome.kind === 'threw' ? outcome.error.message.replace(/\d+/g, '#').slice(0, 160) : null
}

function statusOf({ response }: Receipt): number {
  return response?.status ?? 0
}

function finding(message: string, pointer: Finding['pointer']): Finding {
  return {
    check: guessedPremises.name,
    behaviour: 'G4',
    severity: 'warn',
    message,
    remedy: 'Look with "plumb docs search" what there is, and read what the refusal says.',
    pointer,
  }
}
