import type { Execution, Finding } from '@plumb/protocol'
import type { Disguise } from './disguise.js'
import { resultOf, returned } from './execution-result.js'
import { leavesOf, pathText, removed, shapeOf, shapeOfText } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import type { ResponseLeaf } from './response-leaves.js'

/** Leaves of responses that are taken away, each in two runs. */
const mostLeaves = 8

export type AbsenceInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  readonly responses: readonly ResponseLeaf[]
  readonly given: readonly Leaf[]
  /** The other values with which the function is known to return. */
  readonly disguise: Disguise
  readonly baseline: Execution
}

/** Takes away what the output is made of, one leaf of the responses at a time: an error is right, an invented value is not. */
export async function takeAway(o: AbsenceInput): Promise<Finding[]> {
  const shapes = new Set<string>()
  for (const { source } of o.provenance) {
    if (source.kind === 'response') shapes.add(shapeOfText(source.leaf))
  }
  const findings: Finding[] = []
  for (const shape of [...shapes].slice(0, mostLeaves)) {
    for (const value of [null, removed] as const) {
      const invented = await inventedWithout(o, shape, value)
      if (!invented) continue
      findings.push(finding(o, shape, invented))
      break
    }
  }
  return findings
}

async function inventedWithout(
  o: AbsenceInput,
  shape: string,
  value: null | typeof removed,
): Promise<Leaf | null> {
  const { execution } = await o.rehearsal.run({
    lenient: true,
    translate: o.disguise.translate,
    answer: async (_asked, recorded) => without(o, { shape, value }, await recorded()),
  })
  if (!returned(execution)) return null
  const lost = o.provenance.filter(
    ({ source }) => source.kind === 'response' && shapeOfText(source.leaf) === shape,
  )
  const result = resultOf(execution)
  const sizes = (whole: unknown): number => leavesOf(whole).length
  // An item that is left out moves the others, so positions say nothing any more.
  if (sizes(result) < sizes(resultOf(o.baseline)) - lost.length) return null
  const known = knownTexts(o)
  for (const { path } of lost) {
    const now = leafAt(result, path.split('.'))
    if (now !== undefined && isInvented(now, known)) return { path: path.split('.'), value: now }
  }
  return null
}

function without(
  { disguise }: AbsenceInput,
  { shape, value }: { shape: string; value: null | typeof removed },
  answer: Parameters<Disguise['answer']>[0],
): ReturnType<Disguise['answer']> {
  return disguise.answer(answer, (leaf) => (shapeOf(leaf.path) === shape ? value : undefined))
}

/** Everything the function has seen in such a run. */
function knownTexts({ responses, given, disguise }: AbsenceInput): string {
  const texts = responses.map(({ value }) => String(disguise.of(value)))
  return [...texts, ...given.map(({ value }) => String(value))].join('\n')
}

/** Empty values say that there is none. */
function isInvented(value: LeafValue, known: string): boolean {
  if (value === null || typeof value === 'boolean' || value === '' || value === 0) return false
  const text = String(value)
  return !known.includes(text)
}

/** Texts like "Untitled" are read as what they are; ids, addresses, dates and numbers are taken for true. */
function deceives(value: LeafValue, known: string): boolean {
  if (typeof value === 'number') return true
  // "Unit 7" says no more than that the id is 7.
  const said = new Set(known.split('\n'))
  const words = String(value).split(/[\s#()[\]:,;"']+/)
  const own = words.filter((word) => !said.has(word)).join(' ')
  return /\d|@/.test(own) || String(value).includes('://')
}

function finding(o: AbsenceInput, shape: string, { path, value }: Leaf): Finding {
  return {
    check: mutationCheck,
    behaviour: 'D2',
    severity: deceives(value, knownTexts(o)) ? 'reject' : 'warn',
    message: `Without "${shape}" in the answer the output's "${pathText(path)}" is ${JSON.stringify(value)}, which nobody said.`,
    remedy: 'Leave the value out, or let the schema refuse the answer.',
    pointer: o.input.recorded.pointer,
  }
}
