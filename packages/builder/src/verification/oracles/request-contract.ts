import type { Finding } from '@plumb/protocol'
import { createOperationMatcher } from '../../reading/operation-matcher.js'
import { bodyProblems } from './body-problems.js'
import { edgeInput } from './edge-input.js'
import { failureText, returned } from './execution-result.js'
import { fixedDates } from './fixed-dates.js'
import { ignoredInput } from './ignored-input.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { pathSteps } from './likely-recording.js'
import { callsOf, isKeyed, openRehearsal } from './rehearsal.js'
import type { Call, Rehearsal, Rehearsed } from './rehearsal.js'
import { disguiseGiven } from './vary-given.js'

/** Are the calls those that were declared, are there no more writes than declared, and are the bodies what the API takes? */
export const requestContract: Oracle = { name: 'request-contract', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const rehearsal = openRehearsal(input)
  const baseline = await rehearsal.run()
  const { execution, trail } = baseline
  if (!returned(execution)) {
    const why = `the function does not repeat its recording: ${failureText(execution)}`
    return { oracle: 'request-contract', ran: false, why }
  }
  const calls = callsOf(trail)
  const findings = [
    ...undeclared(input, calls),
    ...tooManyWrites(input, calls),
    ...sameWriteTwice(input, calls),
    ...provoked(input, calls),
    ...wrongBodies(input, calls),
    ...undeclaredStatuses(input, calls),
    ...(await moreWrites(input, { calls, rehearsal })),
    ...(await ignoredInput({ input, rehearsal, baseline })),
    ...(await edgeInput({ input, rehearsal, baseline })),
    ...(await askedByDate(input, { rehearsal, baseline })),
  ]
  return { oracle: 'request-contract', ran: true, findings, measurements: rehearsal.measurements }
}

function undeclared(input: OracleInput, calls: readonly Call[]): Finding[] {
  const { operations, description } = input.declared ?? {}
  if (operations === undefined || description === undefined) return []
  const matcher = createOperationMatcher(description, [input.baseUrl, input.provider.proxy.baseUrl])
  const found = new Map<string, Finding>()
  for (const call of calls) {
    const { method } = call.asked.request
    const operation = matcher.match(method, urlOf(call))
    if (operation && operations.includes(operation.id)) continue
    const name = operation?.id ?? `${method} /${pathSteps(urlOf(call)).join('/')}`
    found.set(
      name,
      finding(input, {
        behaviour: 'E3',
        severity: 'warn',
        message: `The function calls ${name}, which is not declared.`,
        remedy: 'Declare every operation that the function calls.',
      }),
    )
  }
  return [...found.values()]
}

function tooManyWrites(input: OracleInput, calls: readonly Call[]): Finding[] {
  const limit = input.declared?.writes
  const writes = calls.filter(({ write }) => write)
  if (writes.length <= (limit ?? 1)) return []
  const names = writes.map(nameOf).join(', ')
  return [
    finding(input, {
      behaviour: 'D6',
      // Two changes may be what the function is for, so without a declaration a person is told.
      severity: limit === undefined ? 'warn' : 'reject',
      message: `One call of the function makes ${writes.length} writes (${names}); ${limit === undefined ? 'nothing says how many it may make' : `${limit} may be made`}.`,
      remedy:
        limit === undefined
          ? 'Make each change once. Where several changes are what the function is for, there is nothing to do.'
          : 'Make each change once. If the function needs more, set "writes" in the brief.',
    }),
  ]
}

function sameWriteTwice(input: OracleInput, calls: readonly Call[]): Finding[] {
  const again = calls.find((call) => call.write && call.asked.repeated > 0 && !isKeyed(call))
  if (!again) return []
  return [
    finding(input, {
      behaviour: 'D6',
      severity: 'reject',
      message: `The function sends ${nameOf(again)} twice with the same content.`,
      remedy: 'Make each change once, and read its result from the answer.',
    }),
  ]
}

/** A write that was made goes to the same address again and is refused: the refusal is what is read. */
function provoked(input: OracleInput, calls: readonly Call[]): Finding[] {
  const writes = calls.filter(({ write }) => write)
  const refused = writes.find(
    (call, at) =>
      isRefused(call) &&
      writes
        .slice(0, at)
        .some((earlier) => nameOf(earlier) === nameOf(call) && !isRefused(earlier)),
  )
  if (!refused) return []
  return [
    finding(input, {
      behaviour: 'D6',
      severity: 'reject',
      message: `The function sends ${nameOf(refused)} again after it succeeded, and goes on when it is refused.`,
      remedy: 'Read what the first answer says, or look the object up with a reading call.',
    }),
  ]
}

/** Whatever the source looks like, this is what the function asks for. */
function undeclaredStatuses(input: OracleInput, calls: readonly Call[]): Finding[] {
  const declared = new Set(input.declared?.expectedStatuses)
  // Where nobody can declare anything, a refused access and a broken account are still no normal answers.
  const least = input.declared === null ? [401, 403, 429] : []
  const statuses = calls
    .flatMap(({ asked }) => asked.request.expectedStatus)
    .filter((status) => status >= 300 && !declared.has(status))
    .filter((status) => input.declared !== null || status >= 500 || least.includes(status))
  if (statuses.length === 0) return []
  return [
    finding(input, {
      behaviour: 'D2',
      severity: 'warn',
      message: `The function takes ${[...new Set(statuses)].join(', ')} as a normal answer, which nobody declared.`,
      remedy:
        input.declared === null
          ? 'Take the status out of "expectedStatus" of the call: that access is refused or a service is down is no answer.'
          : 'Let the status throw. A normal answer belongs into "expectedStatuses" of the brief.',
    }),
  ]
}

/** With another input of the same form it changes more than with the recorded one. */
async function moreWrites(
  input: OracleInput,
  { calls, rehearsal }: { calls: readonly Call[]; rehearsal: Rehearsal },
): Promise<Finding[]> {
  const usual = calls.filter(({ write }) => write)
  if (usual.length === 0) return []
  const change = disguiseGiven(input)
  if (change === null) return []
  const { trail } = await rehearsal.run({ ...change, lenient: true })
  const more = callsOf(trail).filter(({ asked }) => changes.test(asked.request.method))
  if (more.length <= calls.filter(({ asked }) => changes.test(asked.request.method)).length)
    return []
  return [
    finding(input, {
      behaviour: 'D6',
      severity: 'warn',
      message: `With another input of the same form the function makes ${more.length} writes: ${more.map(nameOf).join(', ')}.`,
      remedy: 'Make each change once, whatever the input says.',
    }),
  ]
}

async function askedByDate(
  input: OracleInput,
  { rehearsal, baseline }: { baseline: Rehearsed; rehearsal: Rehearsal },
): Promise<Finding[]> {
  const clock = { ...input.recorded.clock, now: '2031-05-06T07:08:09.000Z' }
  const later = await rehearsal.run({ clock, lenient: true })
  return fixedDates(input, { before: baseline, later })
}

const changes = /^(POST|PUT|PATCH|DELETE)$/

function isRefused({ answer }: Call): boolean {
  return answer.kind === 'answered' && answer.response.status >= 400
}

function wrongBodies(input: OracleInput, calls: readonly Call[]): Finding[] {
  const { description } = input.declared ?? {}
  if (description === undefined) return []
  const matcher = createOperationMatcher(description, [input.baseUrl, input.provider.proxy.baseUrl])
  const problems = new Map<string, Finding>()
  for (const call of calls.filter(({ write }) => write)) {
    const { request } = call.asked
    const operation = matcher.match(request.method, urlOf(call))
    if (!operation || isRefused(call)) continue
    for (const problem of bodyProblems(request, { operation, description })) {
      const message = `${nameOf(call)} sends a body that the API description does not allow: ${problem}.`
      // The API has taken it, so the description may be what is wrong.
      const told = { behaviour: 'T3', severity: 'warn', message } as const
      problems.set(
        message,
        finding(input, { ...told, remedy: 'See `plumb docs show` for the body.' }),
      )
    }
  }
  return [...problems.values()]
}

function urlOf({ answer, asked }: Call): string {
  return 'call' in answer ? answer.call.url : asked.request.endpoint
}

function nameOf(call: Call): string {
  return `${call.asked.request.method} /${pathSteps(call.asked.request.endpoint).join('/')}`
}

function finding(
  { recorded }: OracleInput,
  told: Pick<Finding, 'behaviour' | 'severity' | 'message' | 'remedy'>,
): Finding {
  return { check: 'request-contract', ...told, pointer: recorded.pointer }
}
