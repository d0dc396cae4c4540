import type { Finding } from '@plumb/protocol'
import { leafName, leavesOf, shapeOf, shapeOfText } from './leaves.js'
import type { OracleInput } from './oracle.js'
import type { Provenance, Source } from './provenance.js'
import type { ResponseLeaf } from './response-leaves.js'
import { isWord } from './steering-values.js'

export const mutationCheck = 'mutation'

export type MutationEvidence = {
  readonly input: OracleInput
  readonly provenance: readonly Provenance[]
  readonly leaves: readonly ResponseLeaf[]
}

/** What the map of an output says about the function that made it. */
export function judgeProvenance(evidence: MutationEvidence): Finding[] {
  const hard = hardCoded(evidence)
  const told = hard.some(({ severity }) => severity === 'reject')
  return [
    ...hard,
    ...lost(evidence),
    ...ignored(evidence, told),
    ...echoed(evidence),
    ...echoedButForIds(evidence),
    ...workedOut(evidence),
  ]
}

function hardCoded({ input, provenance }: MutationEvidence): Finding[] {
  const found = onePerPlace(provenance.filter(({ source }) => source.kind === 'hard-coded'))
  const follows = provenance.some(({ source }) => dependsOnResponse(source))
  return found.map((leaf) => {
    const { source } = leaf
    const place = source.kind === 'hard-coded' ? `"${source.leaf}" of ${source.call}` : ''
    const certain = isDistinctive(leaf) || (!isWord(leaf.value) && (sameName(leaf) || !follows))
    return finding(input, {
      behaviour: 'C1',
      severity: certain ? 'reject' : 'note',
      message: `The output's "${leaf.path}" is ${JSON.stringify(leaf.value)} whatever ${place} is.`,
      remedy: 'Take the value from the answer.',
    })
  })
}

/** The recorded values come out, other values do not: the function knows the recording. */
function lost({ input, provenance, leaves: answered }: MutationEvidence): Finding[] {
  const gone = provenance.filter(({ source }) => source.kind === 'lost')
  const leaves = onePerPlace(gone.filter(({ source }) => !isOtherOfList(source, answered)))
  const [first] = leaves
  if (first?.source.kind !== 'lost') return []
  const follows = provenance.some(({ source }) => source.kind === 'response')
  return [
    finding(input, {
      behaviour: 'C3',
      severity: leaves.length > 1 || !follows ? 'reject' : 'warn',
      message: `The output's "${first.path}" is "${first.source.leaf}" of ${first.source.call} with the recorded values, and ${JSON.stringify(first.source.became)} with others.`,
      remedy: 'Treat every answer alike.',
    }),
  ]
}

/** In a sorted list another thing comes first when values change. */
function isOtherOfList(source: Source, answered: readonly ResponseLeaf[]): boolean {
  if (source.kind !== 'lost') return false
  const shape = shapeOfText(source.leaf)
  const alike = answered.filter(({ path }) => shapeOf(path) === shape)
  return alike.length > 1 && alike.some(({ value }) => value === source.became)
}

/** Responses have content, and whatever they say the output is the same. */
function ignored({ input, provenance, leaves }: MutationEvidence, told: boolean): Finding[] {
  if (told || leaves.length === 0) return []
  if (provenance.some(mayDepend)) return []
  const names = new Set(leaves.map(({ path }) => leafName(path)))
  const promised = provenance.filter(
    ({ path, value, source }) =>
      unmoving.has(source.kind) && carriesContent(value) && names.has(leafName(path)),
  )
  const [first] = promised
  if (!first) return unread({ input, provenance, leaves })
  return [
    finding(input, {
      behaviour: 'C6',
      severity: isWord(first.value) ? 'warn' : 'reject',
      message: `Nothing in the output comes from an answer, though the answers hold ${leaves.length} values; "${first.path}" is always ${JSON.stringify(first.value)}.`,
      remedy: 'Build the output from what the API answers.',
    }),
  ]
}

/** Under names of its own, an output may say what no answer says; a person has to look. */
function unread({ input, provenance, leaves }: MutationEvidence): Finding[] {
  const said = leaves.filter(({ value }) => carriesContent(value)).length
  if (said === 0 || !provenance.some(({ value }) => carriesContent(value))) return []
  return [
    finding(input, {
      behaviour: 'C6',
      severity: 'warn',
      message: `Nothing in the output comes from an answer, though the answers hold ${said} values.`,
      remedy: 'Build the output from what the API answers, or return nothing.',
    }),
  ]
}

/** What the response says as well was taken from the input. */
function echoed({ input, provenance, leaves }: MutationEvidence): Finding[] {
  const echoes = provenance.filter(({ path, value, source }) => {
    if (source.kind !== 'given' || !carriesContent(value)) return false
    const name = leafName(path)
    return leaves.some((leaf) => leafName(leaf.path) === name && leaf.value === value)
  })
  const [first] = echoes
  if (!first) return []
  const nothingElse = !provenance.some(mayDepend)
  return [
    finding(input, {
      behaviour: 'C7',
      severity: nothingElse ? 'reject' : 'note',
      message: `The output's "${first.path}" repeats the input, though the answer says it${nothingElse ? '; nothing in the output comes from an answer' : ''}.`,
      remedy: 'Return what the API says is there now, not what was asked for.',
    }),
  ]
}

/** Of a change, nothing but its id comes from the answer; what was sent comes back as if it had been kept. */
function echoedButForIds({ input, provenance, leaves }: MutationEvidence): Finding[] {
  const isChange = input.recorded.recordings.some(({ request }) =>
    /^(POST|PUT|PATCH)$/.test(request.method),
  )
  const content = provenance.filter(({ value }) => carriesContent(value))
  const echoes = content.filter(({ source }) => isFromInput(source))
  const others = content.filter(({ source }) => !isFromInput(source))
  const [first] = echoes
  const onlyIds = others.every(
    ({ source, value }) =>
      (source.kind === 'response' && isIdName(source.leaf)) ||
      (unmoving.has(source.kind) && (source.kind !== 'unvaried' || isWord(value))),
  )
  if (!isChange || !first || !onlyIds || !others.some(mayDepend)) return []
  const sent = new Set(
    leavesOf(input.recorded.input)
      .map(({ value }) => value)
      .filter(carriesContent),
  )
  if (!leaves.some(({ value }) => carriesContent(value) && sent.has(value))) return []
  return [
    finding(input, {
      behaviour: 'C7',
      severity: 'warn',
      message: `The output's "${first.path}" comes from the input, though the answer says what was kept; nothing but ids comes from the answer.`,
      remedy: 'Return what the API says is there now, not what was asked for.',
    }),
  ]
}

function isFromInput(source: Source): boolean {
  if (source.kind === 'given') return true
  if (source.kind !== 'derived' || source.from.length === 0) return false
  return source.from.every((place) => /^(input|metadata)\b/.test(place))
}

function isIdName(path: string): boolean {
  return /id$|^key$|^number$/.test(leafName(path))
}

/** The answer says it under the same name, and the output has it from other values of the answer. */
function workedOut({ input, provenance, leaves }: MutationEvidence): Finding[] {
  const found = provenance.find(({ path, value, source }) => {
    if (source.kind !== 'derived' || source.from.length === 0 || !carriesContent(value))
      return false
    const same = leaves.filter(
      (leaf) => leafName(leaf.path) === leafName(path) && leaf.value === value,
    )
    // What is sorted comes from another thing of the list when values change.
    const from = new Set(source.from.map((place) => shapeOfText(place.split(' ').at(-1) ?? place)))
    return same.length > 0 && !same.some((leaf) => from.has(shapeOf(leaf.path)))
  })
  if (!found) return []
  const from = found.source.kind === 'derived' ? found.source.from.join(', ') : ''
  return [
    finding(input, {
      behaviour: 'C6',
      severity: 'warn',
      message: `The output's "${found.path}" is put together from ${from}, though the answer says it.`,
      remedy: 'Take the value from the answer.',
    }),
  ]
}

function dependsOnResponse(source: Source): boolean {
  return source.kind === 'response' || source.kind === 'derived'
}

const unmoving: ReadonlySet<Source['kind']> = new Set(['constant', 'hard-coded', 'unvaried'])

function mayDepend({ source, value }: Provenance): boolean {
  return dependsOnResponse(source) || (source.kind === 'unvaried' && !isWord(value))
}

function carriesContent(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0)
}

/** Too particular to be equal by chance. */
function isDistinctive({ value }: Provenance): boolean {
  if (typeof value === 'number') return Math.abs(value) >= 1000
  const text = String(value)
  return text.length >= 6 && /[\d @]/.test(text)
}

function sameName({ path, source }: Provenance): boolean {
  return source.kind === 'hard-coded' && leafName(source.leaf) === leafName(path)
}

function onePerPlace(leaves: readonly Provenance[]): Provenance[] {
  const seen = new Map<string, Provenance>()
  for (const leaf of leaves) {
    const shape = shapeOfText(leaf.path)
    if (!seen.has(shape)) seen.set(shape, leaf)
  }
  return [...seen.values()]
}

function finding(
  { recorded }: OracleInput,
  told: Pick<Finding, 'behaviour' | 'severity' | 'message' | 'remedy'>,
): Finding {
  return { check: mutationCheck, ...told, pointer: recorded.pointer }
}
