import { canonicalJson } from '@plumb/protocol'
import type { Connection, Execution, Finding } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { changedAfterSaving } from './changed-after-saving.js'
import { failureText, resultOf, returned } from './execution-result.js'
import { leavesCallsBehind } from './host-calls.js'
import { keptState } from './kept-state.js'
import { knownIn } from './known-values.js'
import { leavesOf } from './leaves.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { onAnotherMachine } from './another-machine.js'
import { leafAt } from './provenance.js'
import { callsOf, openRehearsal } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'
import { randomRequest } from './random-request.js'
import { seededRandom } from './substitutes.js'
import type { Random } from './substitutes.js'

/** Does the function do the same in a new process, in a used one, and for a connection of another name? */
export const twoIdentities: Oracle = { name: 'two-identities', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const rehearsal = openRehearsal(input)
  const cold = await rehearsal.run({ cold: true })
  if (!returned(cold.execution)) {
    const why = `the function does not repeat its recording: ${failureText(cold.execution)}`
    return { oracle: 'two-identities', ran: false, why }
  }
  const [warm, used] = [await rehearsal.run(), await rehearsal.run()]
  const findings = [
    ...differences(input, {
      one: cold,
      other: warm,
      behaviour: 'C10',
      where: 'in another process',
    }),
    ...differences(input, {
      one: warm,
      other: used,
      behaviour: 'C10',
      where: 'when it runs again',
    }),
    ...(await otherConnections(input, { rehearsal, used })),
    ...(await otherChances(input, { rehearsal, used })),
    ...(await movingClock(input, { rehearsal, used })),
    ...(await otherHeaders(input, { rehearsal, used })),
    ...(await otherMachine(input, { rehearsal, used })),
    ...changedAfterSaving(input),
    ...(await leavesCallsBehind(input, { rehearsal, used })),
    ...keptState(input),
  ]
  const { measurements } = rehearsal
  return { oracle: 'two-identities', ran: true, findings: findings.slice(0, 4), measurements }
}

type Ready = { readonly rehearsal: Rehearsal; readonly used: Rehearsed }

async function otherConnections(
  input: OracleInput,
  { rehearsal, used }: Ready,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const connection of renamed(input)) {
    const other = await rehearsal.run({ connection })
    findings.push(
      ...differences(input, {
        ...{ one: used, other, behaviour: 'C3', where: 'for a connection of another name' },
        allowed: [input.connection.connectionId, connection.connectionId],
      }),
    )
  }
  return findings.slice(0, 1)
}

/** Built like those of real accounts, and others for each function: a name that is known can be asked for. */
function renamed({ connection, compiled }: OracleInput): Connection[] {
  const random = seededRandom(`connection ${compiled.sourceHash}`)
  const hex = (length: number) => letters(length, { random, from: '0123456789abcdef' })
  const uuid = [hex(8), hex(4), `4${hex(3)}`, `a${hex(3)}`, hex(12)].join('-')
  const word = letters(5 + Math.floor(random() * 4), { random, from: 'abcdefghiklmnoprstu' })
  return [uuid, `${word}-${hex(2)}`].map((connectionId) => ({ ...connection, connectionId }))
}

function letters(length: number, { random, from }: { random: Random; from: string }): string {
  return Array.from({ length }, () => from[Math.floor(random() * from.length)]).join('')
}

/** Runs in which random values are thrown a few times. */
const throws = 4

/** Random values may be in a result; that there is one, and what the answers say in it, must not be a matter of luck. */
async function otherChances(input: OracleInput, { rehearsal, used }: Ready): Promise<Finding[]> {
  const where = 'with other random values'
  for (let turn = 1; turn <= throws; turn++) {
    const { clock } = input.recorded
    const other = await rehearsal.run({ clock: { ...clock, seed: `${clock.seed} ${turn}` } })
    const found = [
      ...randomRequest(input, { before: used, now: other }),
      ...changedByChance(input, { one: used, other, behaviour: 'C10', where }),
    ]
    if (found.length > 0) return found
  }
  return []
}

/** A live run has a clock that moves. Code that waits would really have to wait, so it is not asked. */
async function movingClock(input: OracleInput, { rehearsal, used }: Ready): Promise<Finding[]> {
  const { code } = input.compiled
  if (!/\b(Date|performance|hrtime)\b/.test(code) || /\bset(Timeout|Interval)\b/.test(code))
    return []
  const other = await rehearsal.run({ clock: 'running', deadlineMs: 15_000 })
  const where = 'when its clock moves, as it does outside of a replay'
  if (other.execution.outcome.kind === 'killed') return []
  return changedByChance(input, { one: used, other, behaviour: 'C3', where })
}

/** Where it runs is nothing to a function, but for what it logs. */
async function otherMachine(input: OracleInput, { rehearsal, used }: Ready): Promise<Finding[]> {
  const compiled = onAnotherMachine(input.compiled)
  if (compiled === null) return []
  const other = await rehearsal.run({ compiled, cold: true })
  const where = 'on a machine with other stack traces and another process'
  return changedByChance(input, { one: used, other, behaviour: 'C3', where })
}

/** Servers add headers as they like; what the body says must not depend on which there are. */
async function otherHeaders(input: OracleInput, { rehearsal, used }: Ready): Promise<Finding[]> {
  const where = 'when its answers have other headers beside those that it needs'
  for (const change of [manyHeaders, fewHeaders]) {
    const other = await rehearsal.run({
      lenient: true,
      answer: async (_asked, recorded) => withHeaders(await recorded(), change),
    })
    // Without a header that it reads, a function may well fail or stop.
    if (change === fewHeaders && !returned(other.execution)) continue
    const found = changedByChance(input, { one: used, other, behaviour: 'C3', where })
    if (found.length > 0) return found
  }
  return []
}

type Headers = Readonly<Record<string, string>>

function manyHeaders(headers: Headers): Headers {
  const usual = { date: 'Thu, 07 Jun 2029 09:12:45 GMT', server: 'nginx', 'x-request-id': 'k7f2c9' }
  return { ...usual, vary: 'Accept', 'cache-control': 'no-cache', connection: 'close', ...headers }
}

/** Those that carry content stay. */
function fewHeaders(headers: Headers): Headers {
  const added =
    /^(date|server|via|vary|age|connection|keep-alive|cache-control|x-request-id|cf-.*)$/
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.test(name)))
}

function withHeaders(answer: GatewayAnswer, change: (headers: Headers) => Headers): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const headers = { ...change(answer.response.headers) }
  return { ...answer, response: { ...answer.response, headers } }
}

function changedByChance(input: OracleInput, pair: Pair): Finding[] {
  const { one, other } = pair
  const unknown = callsOf(other.trail).some(({ answer }) => answer.kind === 'refused')
  if (unknown) return []
  if (!returned(other.execution)) return differences(input, pair)
  const given = [input.recorded.input, input.recorded.metadata, input.recorded.checkpoint]
  const [before, now] = [knownIn(one, given), knownIn(other, given)]
  const odd = leavesOf(resultOf(one.execution)).find(({ path, value }) => {
    const later = leafAt(resultOf(other.execution), path)
    return (
      isContent(value) &&
      before.has(value) &&
      !(later !== undefined && later !== null && (later === value || now.has(later)))
    )
  })
  const fewer = callsOf(other.trail).length < callsOf(one.trail).length
  return odd || fewer ? differences(input, pair) : []
}

/** A short number may be anywhere in the answers by chance. */
function isContent(value: unknown): boolean {
  return typeof value === 'string' && value.length > 2 && !/^\d{4}-\d{2}-\d{2}|^\d+$/.test(value)
}

type Pair = {
  readonly one: Rehearsed
  readonly other: Rehearsed
  readonly behaviour: Finding['behaviour']
  readonly where: string
  /** Texts in which the two may differ. */
  readonly allowed?: readonly string[]
}

function differences({ recorded }: OracleInput, pair: Pair): Finding[] {
  const [one, other] = [pair.one.execution, pair.other.execution]
  const what = difference(one, other, pair.allowed ?? [])
  if (what === null) return []
  return [
    {
      check: 'two-identities',
      behaviour: pair.behaviour,
      severity: 'reject',
      message: `With the same answers the function does something else ${pair.where}: ${what}.`,
      remedy: 'Let nothing but the input and the answers decide what the function does.',
      pointer: recorded.pointer,
    },
  ]
}

function difference(one: Execution, other: Execution, allowed: readonly string[]): string | null {
  const [before, now] = [whole(one, allowed), whole(other, allowed)]
  if (canonicalJson(before) === canonicalJson(now)) return null
  if (one.outcome.kind !== other.outcome.kind)
    return failureText(other.outcome.kind === 'returned' ? one : other)
  const leaf = leavesOf(before).find(({ path, value }) => leafAt(now, path) !== value)
  if (!leaf) return 'there is more in the result'
  return `"${leaf.path.join('.')}" is ${JSON.stringify(leaf.value)}, then ${JSON.stringify(leafAt(now, leaf.path))}`
}

/** Everything a run leaves behind; names of connections are one and the same. */
function whole(execution: Execution, allowed: readonly string[]): unknown {
  const { outcome, endCheckpoint, calls } = execution
  const made = calls.map(({ method, url }) => `${method} ${url}`)
  const ended = outcome.kind === 'threw' ? outcome.error.message : outcome.kind
  let text = JSON.stringify({ result: resultOf(execution), ended, endCheckpoint, made })
  for (const name of allowed)
    text = text.replaceAll(JSON.stringify(name).slice(1, -1), '(connection)')
  return JSON.parse(text)
}
