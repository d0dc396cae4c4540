import type { Finding, Operation } from '@plumb/protocol'
import { leavesOf } from './oracles/leaves.js'
import { callsOf, openRehearsal } from './oracles/rehearsal.js'
import type { Call } from './oracles/rehearsal.js'
import { oracleInputOf } from './oracle-checks.js'
import { dryRunCalls, operationsOf } from './dry-run-calls.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the API know the parameters that the function sends, also those of a run that begins at a checkpoint? */
export const knownParameters: Check = {
  name: 'known-parameters',
  run: async (input) => {
    const sent = [...sentInDryRuns(input), ...(await sentFromCheckpoint(input))]
    const found = new Map<string, Finding>()
    for (const { operation, name, carries } of sent) {
      const key = `${operation.id} ${name}`
      if (!found.has(key) || carries) found.set(key, finding(operation, name, carries))
    }
    return [...found.values()]
  },
}

/** A parameter of a call that the operation does not have. */
type Unknown = {
  readonly operation: Operation
  readonly name: string
  /** Its value is that of the checkpoint. */
  readonly carries: boolean
}

function sentInDryRuns(input: CheckInput): Unknown[] {
  return dryRunCalls(input).flatMap(({ receipt, operation }) => {
    const names = [...new URL(receipt.request.url).searchParams.keys()]
    return unknownNames(operation, names).map((one) => ({ ...one, carries: false }))
  })
}

async function sentFromCheckpoint(input: CheckInput): Promise<Unknown[]> {
  const asked = oracleInputOf(input)
  const run = input.dryRuns.find(({ endCheckpoint }) => endCheckpoint !== null)
  if (!asked || run === undefined || run.endCheckpoint === null) return []
  const { endCheckpoint: checkpoint } = run
  const rehearsal = openRehearsal(asked)
  const { trail } = await rehearsal.run({ checkpoint, lenient: true })
  const saved = new Set(
    leavesOf(checkpoint)
      .filter(({ value }) => String(value).length > 3)
      .map(({ value }) => String(value)),
  )
  const matcher = operationsOf(input)
  return callsOf(trail).flatMap((call) => {
    const { method, endpoint } = call.asked.request
    const pairs = pairsOf(call)
    const operation = matcher.match(method, absolute(endpoint, input.baseUrl))
    const names = pairs.map(([name]) => name)
    return unknownNames(operation, names).map((one) => ({
      ...one,
      carries: pairs.some(([name, value]) => name === one.name && saved.has(value)),
    }))
  })
}

function pairsOf({ asked: { request } }: Call): [string, string][] {
  const [, query = ''] = request.endpoint.split('?')
  const own = request.query.map(([name, value]): [string, string] => [name, value])
  return [...own, ...new URLSearchParams(query)]
}

function absolute(endpoint: string, baseUrl: string): string {
  return URL.canParse(endpoint) ? endpoint : `${baseUrl}/${endpoint.replace(/^\/+/, '')}`
}

/** Descriptions that list no parameter of the query, or take any object there, cannot tell. */
function unknownNames(operation: Operation | null, names: readonly string[]) {
  const declared = operation?.parameters.filter(({ in: where }) => where === 'query') ?? []
  if (operation === null || declared.length === 0) return []
  if (declared.some(({ schema, style }) => schema['type'] === 'object' || style === 'deepObject'))
    return []
  const known = new Set(declared.map(({ name }) => plain(name)))
  return [...new Set(names)]
    .filter((name) => !known.has(plain(name)))
    .map((name) => ({ operation, name }))
}

/** `ids[]` and `ids[0]` are ways to send `ids`. */
function plain(name: string): string {
  return name.replace(/\[.*$/, '').toLowerCase()
}

function finding(operation: Operation, name: string, carries: boolean): Finding {
  const { id, incrementalParameter: right } = operation
  const better = right === null ? '' : ` Its parameter for that is "${right}".`
  const told = { check: knownParameters.name, pointer: null }
  if (!carries)
    return {
      ...told,
      behaviour: 'T3',
      severity: 'warn',
      message: `The function sends "${name}", which ${id} does not have.`,
      remedy: `See "plumb docs show ${id}" for its parameters.`,
    }
  return {
    ...told,
    behaviour: 'E5',
    severity: right === null || plain(right) === plain(name) ? 'warn' : 'reject',
    message: `The function sends its checkpoint as "${name}", which ${id} does not have.${better}`,
    remedy: 'Send the checkpoint as a parameter that the operation has, or save none.',
  }
}
