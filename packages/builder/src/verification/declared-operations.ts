import type { Finding } from '@plumb/protocol'
import { succeeded } from '../reading/succeeded.js'
import { dryRunCalls } from './dry-run-calls.js'
import type { Check, CheckInput } from './verification-input.js'

/** Did a dry run of the submitted source call each declared operation with success, and no undeclared one? */
export const declaredOperations: Check = {
  name: 'declared-operations',
  run: (input) => {
    if (input.dryRuns.length === 0) return [neverRan(input)]
    return [...unknownOperations(input), ...unproven(input), ...undeclared(input)]
  },
}

function neverRan({ evidence }: CheckInput): Finding {
  const failed = evidence.executions.at(-1)
  const why =
    failed?.outcome.kind === 'threw' ? ` The last one failed: ${failed.outcome.error.message}` : ''
  return {
    ...finding('A10', `No dry run of the submitted source returned a result.${why}`),
    remedy: 'Run "plumb dryrun" on the final function until it succeeds, then submit.',
    pointer: failed ? { kind: 'execution', executionId: failed.id } : null,
  }
}

function unknownOperations({ evidence, description }: CheckInput): Finding[] {
  const declared = evidence.submission?.operations ?? []
  if (declared.length === 0) return [finding('E3', 'The submission declares no operation.')]
  const known = new Set(description.operations.map(({ id }) => id))
  return declared
    .filter((id) => !known.has(id))
    .map((id) => finding('E3', `The API description has no operation ${JSON.stringify(id)}.`))
}

function unproven(input: CheckInput): Finding[] {
  const { evidence, description, provider } = input
  const proven = new Set(
    dryRunCalls(input)
      .filter(({ receipt }) => succeeded(receipt, provider, input.interaction.expectedStatuses))
      .map(({ operation }) => operation?.id),
  )
  const known = new Set(description.operations.map(({ id }) => id))
  return (evidence.submission?.operations ?? [])
    .filter((id) => known.has(id) && !proven.has(id))
    .map((id) => finding('A10', `No dry run of the submitted source called ${id} with success.`))
}

function undeclared(input: CheckInput): Finding[] {
  const declared = new Set(input.evidence.submission?.operations ?? [])
  const found = new Map<string, Finding>()
  for (const { receipt, operation } of dryRunCalls(input)) {
    if (operation && declared.has(operation.id)) continue
    const { pathname } = new URL(receipt.request.url)
    const name = operation?.id ?? `${receipt.request.method} ${pathname}`
    found.set(name, {
      ...finding('E3', `The function calls ${name}, which the submission does not declare.`),
      severity: 'warn',
      remedy:
        'Name every operation the function calls: "plumb submit --operation <id> --operation <id>".',
      pointer: { kind: 'receipt', receiptId: receipt.id },
    })
  }
  return [...found.values()]
}

function finding(behaviour: Finding['behaviour'], message: string): Finding {
  return {
    check: declaredOperations.name,
    behaviour,
    severity: 'reject',
    message,
    remedy:
      'Find operations with "plumb docs search", dry-run the function on the test account, and declare what it calls.',
    pointer: null,
  }
}
