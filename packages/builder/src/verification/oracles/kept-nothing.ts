import { leafName, leavesOf } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import type { OracleInput } from './oracle.js'
import { withAt } from './list-in-answer.js'
import { listOf } from './page-marks.js'
import type { Call, Rehearsal, TrailEntry } from './rehearsal.js'
import { changeAnswer } from './response-leaves.js'
import { numbersIn, ownCode, textsIn } from './source-literals.js'

/** Words of the source that are tried as values of what is listed. */
const mostWords = 40

/** Whether a run told its host of anything to keep. */
export function keepsAnything(trail: readonly TrailEntry[]): boolean {
  return trail.some(
    (entry) => entry.kind === 'told' && /^(save(?!Checkpoint)|update|delete)/.test(entry.method),
  )
}

/** Whether some answer has no list, or an empty one: what the sync looks for may be what is missing there. */
export function mayBeMissing(calls: readonly Call[]): boolean {
  return calls.some((call) => {
    const list = listOf(call)
    return list === null || hasEmptyList(withAt(list.whole, list.path, null))
  })
}

function hasEmptyList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) && value.length === 0) return true
  return Object.values(value).some(hasEmptyList)
}

/** Whether a sync that keeps nothing of what it was answered keeps some of it when the answers say something else: then it chooses. */
export async function keepsOthers(input: OracleInput, rehearsal: Rehearsal): Promise<boolean> {
  for (const change of changesOf(input)) {
    const { trail } = await rehearsal.run({
      lenient: true,
      answer: async (_asked, recorded) => changeAnswer(await recorded(), change),
    })
    if (keepsAnything(trail)) return true
  }
  return false
}

type LeafChange = (leaf: Leaf) => LeafValue

/** All at once what the source compares members with, in each mood of the flags and times; then each word alone. */
function changesOf({ compiled, recorded }: OracleInput): LeafChange[] {
  const compared = comparedWith(ownCode(compiled.code))
  const given = leavesOf([recorded.input, recorded.metadata]).map(({ value }) => value)
  const words = [...textsIn(compiled), ...numbersIn(compiled), ...given].slice(-mostWords)
  const together = [null, true, false].flatMap((flag) =>
    times.map((time): LeafChange => (leaf) => {
      const own = compared.get(leafName(leaf.path))
      if (own !== undefined && typeof leaf.value !== 'boolean') return own
      if (typeof leaf.value === 'boolean') return flag ?? leaf.value
      return isTime(leaf.value) ? (time ?? leaf.value) : leaf.value
    }),
  )
  const alone = words.map(
    (word): LeafChange =>
      ({ value }) =>
        typeof value === typeof word ? word : value,
  )
  return [...together, ...alone, ({ value }) => (value === null ? 'Filled 7' : value)]
}

const times = [null, '2099-12-30T00:00:00.000Z', '1970-01-02T00:00:00.000Z'] as const

function isTime(value: LeafValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)
}

/** `open` for `state` in `item.state === 'open'`. */
function comparedWith(code: string): Map<string, string> {
  const found = new Map<string, string>()
  const text = `["']([^"'\\n]{1,40})["']`
  for (const [, name = '', value = ''] of code.matchAll(
    new RegExp(`\\.(\\w+)\\s*(?:===?)\\s*${text}`, 'g'),
  ))
    if (!found.has(leafName(name))) found.set(leafName(name), value)
  for (const [, value = '', name = ''] of code.matchAll(
    new RegExp(`${text}\\s*(?:===?)\\s*[\\w.?]*\\.(\\w+)`, 'g'),
  ))
    if (!found.has(leafName(name))) found.set(leafName(name), value)
  return found
}
