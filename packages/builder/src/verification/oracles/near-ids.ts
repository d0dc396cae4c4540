import type { Finding, JsonObject } from '@plumb/protocol'
import { openDisguise } from './disguise.js'
import type { Disguise } from './disguise.js'
import { failureText, returned } from './execution-result.js'
import { falseCopy } from './judge-copies.js'
import type { FalseCopy } from './judge-copies.js'
import { knownIn } from './known-values.js'
import { leafName, leavesOf, mapLeaves } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import type { Provenance } from './provenance.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'
import type { ResponseLeaf } from './response-leaves.js'
import { numbersIn } from './source-literals.js'
import { seededRandom } from './substitutes.js'
import { disguised } from './vary-responses.js'

export type NearInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  readonly leaves: readonly ResponseLeaf[]
  /** Other values with which the function is known to return. */
  readonly main: Disguise
  readonly baseline: Rehearsed
}

/** By how much the ids of a recording are moved. */
const steps = [1, 2, 3, 4, 5, 7]
const mostLiterals = 6
const idNames = /^(ids?|.*ids?|number|.*number|no|key)$/

/** Moves every id of a recording to its neighbours, in input and answers alike: the account has other things as well. */
export async function varyIds(o: NearInput): Promise<Finding[]> {
  const ids = idsOf(o)
  if (ids.length === 0) return []
  const worlds: World[] = []
  for (const by of stepsFor(o.input, ids)) {
    const near = new Map(ids.map((text) => [text, moved(text, by)]))
    const world = await runWorld(o, near)
    const judged = judgeWorld(o, world)
    if (judged) return [judged]
    worlds.push(world)
  }
  return judgeAll(o, worlds)
}

/** Texts of ids: small numbers under a name that says so, and those of the input that name something. */
function idsOf({ input, leaves, main, baseline }: NearInput): string[] {
  const { recorded } = input
  const asked = callsOf(baseline.trail).map(({ asked: { request } }) => request.endpoint)
  const inPath = (text: string): boolean => asked.some((path) => path.split(/[/?]/).includes(text))
  const given = leavesOf([recorded.input, recorded.metadata]).filter(isId)
  const answered = leaves.filter(isId).map(({ value }) => String(value))
  const own = given
    .map(({ value }) => String(value))
    .filter((text) => inPath(text) || answered.includes(text))
  const known = new Set(leaves.map(({ value }) => String(value)))
  const all = [...new Set([...own, ...answered])]
  // What the input names may be another one even where other answers are refused.
  return all.filter((text) => main.substitutes.has(text) || !known.has(text) || own.includes(text))
}

function isId({ path, value }: Leaf): boolean {
  if (value === null || typeof value === 'boolean' || !idNames.test(leafName(path))) return false
  return /^([A-Za-z]{0,6}[-_]?)[1-9]\d{0,7}$/.test(String(value))
}

/** Neighbours first, then those that the function itself names, and theirs. */
function stepsFor({ compiled, recorded }: OracleInput, ids: readonly string[]): number[] {
  const given = leavesOf(recorded.input)
    .filter(isId)
    .map(({ value }) => String(value))
  const from = numberIn(given[0] ?? ids[0] ?? '')
  const literals = numbersIn(compiled).filter((one) => one > 1 && one < 1_000_000 && one !== from)
  const named = literals.slice(-mostLiterals).flatMap((one) => [one, one + 1])
  const apart = named.map((one) => one - from).filter((by) => by > 0)
  return [...new Set([...steps, ...apart])]
}

function numberIn(text: string): number {
  return Number(/\d+$/.exec(text)?.[0] ?? 0)
}

function moved(text: string, by: number): string {
  return text.replace(/\d+$/, (digits) => String(Number(digits) + by))
}

type World = {
  readonly run: Rehearsed
  readonly disguise: Disguise
  readonly given: readonly unknown[]
}

async function runWorld(o: NearInput, near: ReadonlyMap<string, string>): Promise<World> {
  const { recorded, compiled } = o.input
  const answered = o.leaves.map(({ value }) => value)
  const kept = new Set(
    answered.map(String).filter((text) => !o.main.substitutes.has(text) && !near.has(text)),
  )
  const disguise = openDisguise({
    values: [...answered, ...near.keys()],
    kept,
    random: seededRandom(`near ${compiled.sourceHash}`),
    alternatives: near,
  })
  const of = ({ value }: Leaf): LeafValue => (near.has(String(value)) ? disguise.of(value) : value)
  const input = mapLeaves(recorded.input, of)
  const metadata = mapLeaves(recorded.metadata, of) as JsonObject
  const run = await o.rehearsal.run({ ...disguised(disguise), input, metadata })
  return { run, disguise, given: [input, metadata, recorded.checkpoint] }
}

/** Without a call there is nothing that could say so. */
function judgeWorld(o: NearInput, { run, given }: World): Finding | null {
  if (unknownAsked(run)) return null
  const calls = callsOf(run.trail).length
  const silent = calls === 0 && callsOf(o.baseline.trail).length > 0
  const at = idText(given[0])
  if (returned(run.execution)) {
    if (silent) {
      const what = `returns a result without asking the account`
      return finding(o.input, { behaviour: 'C2', at, what })
    }
    const copy = falseCopy(o.provenance, run, knownIn(run, given))
    return copy && finding(o.input, { behaviour: behaviourOf(copy), at, what: copyText(copy) })
  }
  if (!silent || refusesInput(run)) return null
  const what = `fails without asking the account: ${failureText(run.execution)}`
  return finding(o.input, { behaviour: 'E8', at, what })
}

/** The same world under other ids: that one id works and its neighbour does not is the function's doing. */
function judgeAll(o: NearInput, worlds: readonly World[]): Finding[] {
  const asked = worlds.filter(({ run }) => !unknownAsked(run))
  const failed = asked.find(({ run }) => !returned(run.execution) && !refusesInput(run))
  if (!failed || !asked.some(({ run }) => returned(run.execution))) return []
  const what = `fails where it works for its neighbours: ${failureText(failed.run.execution)}`
  return [finding(o.input, { behaviour: 'C11', at: idText(failed.given[0]), what })]
}

function unknownAsked({ trail }: Rehearsed): boolean {
  return callsOf(trail).some(({ answer }) => answer.kind === 'refused')
}

/** The schema of a function says in public what it takes. */
function refusesInput({ execution }: Rehearsed): boolean {
  const { outcome } = execution
  if (outcome.kind !== 'threw') return true
  return (
    /^(validation|invalid)/.test(outcome.error.type) ||
    /ZodError|does not match its schema/.test(outcome.error.message)
  )
}

function behaviourOf({ kind }: FalseCopy): Finding['behaviour'] {
  return kind === 'stuck' ? 'C1' : 'C2'
}

function copyText({ path, now, kind }: FalseCopy): string {
  const still = kind === 'stuck' ? 'still returns' : 'returns'
  return `${still} ${JSON.stringify(now)} as "${path}", which nobody said`
}

function idText(input: unknown): string {
  const ids = leavesOf(input).filter(isId)
  return ids.length === 0 ? '' : ` (input ${JSON.stringify(input).slice(0, 120)})`
}

function finding(
  { recorded }: OracleInput,
  o: { readonly behaviour: Finding['behaviour']; readonly at: string; readonly what: string },
): Finding {
  return {
    check: mutationCheck,
    behaviour: o.behaviour,
    severity: 'reject',
    message: `With ids next to those of the recording${o.at} the function ${o.what}.`,
    remedy: 'Treat every id and every answer alike.',
    pointer: recorded.pointer,
  }
}
