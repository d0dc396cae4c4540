import { canonicalJson } from '@plumb/protocol'
import type { Connection, Execution, Finding } from '@plumb/protocol'
import { failureText, resultOf, returned } from './execution-result.js'
import { leavesOf } from './leaves.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { leafAt } from './provenance.js'
import { openRehearsal } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'

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
  const other = await rehearsal.run({ connection: renamed(input.connection) })
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
    ...differences(input, {
      ...{ one: used, other, behaviour: 'C3', where: 'for a connection of another name' },
      allowed: namesOf(input.connection),
    }),
  ]
  const { measurements } = rehearsal
  return { oracle: 'two-identities', ran: true, findings: findings.slice(0, 2), measurements }
}

/** As long as the recorded names and built like those of real accounts. */
function renamed(connection: Connection): Connection {
  return { ...connection, connectionId: 'c7d1f0a4-52be-4a55-9a7e-3f8f0f7f1c11' }
}

function namesOf({ connectionId }: Connection): string[] {
  return [connectionId, renamed({ connectionId } as Connection).connectionId]
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
