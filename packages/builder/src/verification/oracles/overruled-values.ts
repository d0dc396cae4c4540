import type { Finding } from '@plumb/protocol'
import { resultOf, returned } from './execution-result.js'
import { leafName, pathText } from './leaves.js'
import type { LeafValue } from './leaves.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import { changeAnswer } from './response-leaves.js'
import type { ResponseLeaf } from './response-leaves.js'
import { numbersIn, textsIn } from './source-literals.js'
import { isWord } from './steering-values.js'

/** Members of the output that are looked at. */
const mostMembers = 3
/** Literals of the source that are put into the answer, to see whether one of them matters. */
const mostLiterals = 24
/** Names by which an author tells kinds of things apart. */
const kinds = /^(type|kind|object|resource|typename|source|provider)$/

export type OverruleInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  readonly leaves: readonly ResponseLeaf[]
}

/** A value that is always the same, beside others that come from an object which says something else under its name. */
export async function findOverruled(o: OverruleInput): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { own, said } of candidates(o).slice(0, mostMembers)) {
    if (await staysTheSame(o, own, said)) findings.push(finding(o.input, own, said))
  }
  return findings
}

type Candidate = { readonly own: Provenance; readonly said: ResponseLeaf }

function candidates({ provenance, leaves }: OverruleInput): Candidate[] {
  const shapes = new Set<string>()
  return provenance.flatMap((own) => {
    const name = leafName(own.path)
    if (own.source.kind !== 'constant' || !isContent(own.value) || kinds.test(name)) return []
    const said = leaves.find((leaf) => saysInstead(leaf, own, provenance))
    if (said === undefined || shapes.has(said.shape)) return []
    shapes.add(said.shape)
    return [{ own, said }]
  })
}

/** Under the same name, in the object from which a neighbour in the output comes. */
function saysInstead(
  leaf: ResponseLeaf,
  own: Provenance,
  provenance: readonly Provenance[],
): boolean {
  if (leafName(leaf.path) !== leafName(own.path) || leaf.value === own.value) return false
  if (typeof leaf.value !== typeof own.value || !isContent(leaf.value)) return false
  return provenance.some(
    ({ path, source }) =>
      source.kind === 'response' &&
      source.call === leaf.call &&
      above(path) === above(own.path) &&
      above(source.leaf) === above(pathText(leaf.path)),
  )
}

function above(path: string): string {
  return path.split('.').slice(0, -1).join('.')
}

function isContent(value: LeafValue): boolean {
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0)
}

/** What is chosen by the answer changes with the words that the source knows. */
async function staysTheSame(
  { input, rehearsal }: OverruleInput,
  own: Provenance,
  said: ResponseLeaf,
): Promise<boolean> {
  const literals: readonly LeafValue[] =
    typeof said.value === 'number' ? numbersIn(input.compiled) : textsIn(input.compiled)
  const other = literals.filter((one) => one !== said.value && one !== leafName(own.path))
  for (const value of [...other.slice(-mostLiterals), null]) {
    const { execution } = await rehearsal.run({
      lenient: true,
      answer: async (_asked, recorded) =>
        changeAnswer(await recorded(), (leaf) =>
          pathText(leaf.path) === pathText(said.path) ? value : leaf.value,
        ),
    })
    if (!returned(execution)) continue
    if (leafAt(resultOf(execution), own.path.split('.')) !== own.value) return false
  }
  return true
}

/** What follows from a condition may be right where the recording shows one side of it; what is written beside its name may not. */
function severityOf({ compiled }: OracleInput, { path, value }: Provenance): Finding['severity'] {
  if (typeof value !== 'string' || isWord(value)) return 'warn'
  const name = (path.split('.').at(-1) ?? '').replace(/\W/g, '.')
  const member = new RegExp(`\\b${name}["']?\\s*:\\s*(["'\`])`, 'g')
  const written = [...compiled.code.matchAll(member)].some(({ index, 0: head }) =>
    compiled.code.startsWith(value, index + head.length),
  )
  return written ? 'reject' : 'warn'
}

function finding(input: OracleInput, own: Provenance, said: ResponseLeaf): Finding {
  return {
    check: mutationCheck,
    behaviour: 'C6',
    severity: severityOf(input, own),
    message: `The output's "${own.path}" is always ${JSON.stringify(own.value)}, though "${pathText(said.path)}" of ${said.call} says ${JSON.stringify(said.value)}.`,
    remedy: 'Take the value from the answer.',
    pointer: input.recorded.pointer,
  }
}
