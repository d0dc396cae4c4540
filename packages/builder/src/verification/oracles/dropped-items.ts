import type { Finding } from '@plumb/protocol'
import { resultOf, returned } from './execution-result.js'
import { leavesOf, shapeOf } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import { listOf } from './page-marks.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import type { Provenance } from './provenance.js'
import { callsOf } from './rehearsal.js'
import type { Call, Rehearsal, Rehearsed } from './rehearsal.js'
import { changeAnswer } from './response-leaves.js'
import { ownCode } from './source-literals.js'

/** Members of an item that are spoilt, each in runs of its own. */
const mostMembers = 6

export type DropInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
  readonly provenance: readonly Provenance[]
}

/** Lets one thing of a list be of another form: an error is right, and so is a word about it; to leave it out in silence is not. */
export async function spoilOne(o: DropInput): Promise<Finding[]> {
  if (!mayPassOver(o.input)) return []
  const list = lastKeptList(o)
  if (list === null) return []
  for (const { shape, value } of membersOf(list, o)) {
    if (!(await isPassedOver(o, { list, shape, value: otherForm(value) }))) continue
    if (!(await choosesByValue(o, { list, shape, value }))) return [finding(o, list, shape)]
  }
  return []
}

async function choosesByValue(o: DropInput, { list, shape, value }: Spoilt): Promise<boolean> {
  for (const other of sameForms(value)) {
    if (await isPassedOver(o, { list, shape, value: other })) return true
  }
  return false
}

/** Only code that looks whether something fits can pass over what does not. */
function mayPassOver({ compiled }: OracleInput): boolean {
  return /\.safeParse(Async)?\b|\bcatch\b/.test(ownCode(compiled.code))
}

function lastKeptList({ baseline }: DropInput): Call | null {
  const texts = new Set(leavesOf(resultOf(baseline.execution)).map(({ value }) => String(value)))
  const kept = callsOf(baseline.trail).filter((call) => {
    const [first] = listOf(call)?.items ?? []
    return leavesOf(first).some(({ value }) => String(value).length > 1 && texts.has(String(value)))
  })
  return kept.at(-1) ?? null
}

type Member = { readonly shape: string; readonly value: LeafValue }

/** Leaves of the first thing of the list that the result is made of. */
function membersOf(list: Call, { provenance }: DropInput): Member[] {
  const found = listOf(list)
  const used = new Set(
    provenance.flatMap(({ source }) =>
      source.kind === 'response' ? [source.leaf.replace(/(^|\.)\d+(?=\.|$)/g, '$1*')] : [],
    ),
  )
  const at = [...(found?.path ?? []), 0]
  return leavesOf(found?.items[0], at)
    .map(({ path, value }) => ({ shape: shapeOf(path), value }))
    .filter(({ shape, value }) => used.has(shape) && value !== null && value !== '')
    .slice(0, mostMembers)
}

function otherForm(value: LeafValue): LeafValue {
  return isCounted(value) ? 'n/a' : 4711
}

function isCounted(value: LeafValue): boolean {
  return typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value))
}

/** Values of the same form: a function that passes over one of them chooses by what a thing says. */
function sameForms(value: LeafValue): readonly LeafValue[] {
  if (typeof value === 'number') return [0, -1, 987_654_321]
  if (isCounted(value)) return ['0', '-1', '987654321']
  const isDate = /^\d{4}-\d{2}-\d{2}/.test(String(value))
  return isDate ? ['1970-01-02T00:00:00Z', '2099-12-30T00:00:00Z'] : ['zz', 'Zz 99', '']
}

type Spoilt = {
  readonly list: Call
  readonly shape: string
  readonly value: LeafValue
}

async function isPassedOver(o: DropInput, { list, shape, value }: Spoilt): Promise<boolean> {
  const depth = listOf(list)?.path.length ?? 0
  const isFirst = ({ path }: Leaf): boolean => path[depth] === 0 && shapeOf(path) === shape
  const run = await o.rehearsal.run({
    lenient: true,
    answer: async ({ index }, recorded) => {
      const answer = await recorded()
      if (index !== list.asked.index) return answer
      return changeAnswer(answer, (leaf) => (isFirst(leaf) ? value : leaf.value))
    },
  })
  const said = (one: Rehearsed): number => one.execution.logs.length
  if (!returned(run.execution) || said(run) > said(o.baseline)) return false
  const before = longest(resultOf(o.baseline.execution))
  return before > 0 && longest(resultOf(run.execution)) === before - 1
}

/** How much is in the longest list: records of a sync, or things of an output. */
function longest(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? value.length : 0
  return Math.max(own, ...Object.values(value).map(longest))
}

/** Where things of several kinds stand in one list, those of other kinds may be passed over. */
function severityOf({ compiled }: OracleInput): Finding['severity'] {
  return /\.(literal|union|discriminatedUnion)\(/.test(ownCode(compiled.code)) ? 'warn' : 'reject'
}

function finding({ input }: DropInput, { asked }: Call, shape: string): Finding {
  return {
    check: mutationCheck,
    behaviour: 'D3',
    severity: severityOf(input),
    message: `When "${shape}" of ${asked.request.method} ${asked.request.endpoint} is of another form in one thing, the function leaves that thing out and says nothing.`,
    remedy:
      'Parse what is listed with parse(), so that an answer of another form fails; or log what is left out (ctx.log) and why.',
    pointer: input.recorded.pointer,
  }
}
