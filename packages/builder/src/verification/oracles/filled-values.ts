import type { Finding } from '@plumb/protocol'
import { resultOf, returned } from './execution-result.js'
import { leafName } from './leaves.js'
import type { LeafValue } from './leaves.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import { changeAnswer } from './response-leaves.js'
import type { ResponseLeaf } from './response-leaves.js'

const mostNames = 4
const fillings: readonly LeafValue[] = ['Filled 7', 'filled@elsewhere.example', 4711, true]

export type FillInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  readonly leaves: readonly ResponseLeaf[]
}

/** Puts a value where an answer says that there is none: the output must have it, or refuse it. */
export async function fillValues(o: FillInput): Promise<Finding[]> {
  const absent = new Set(
    o.leaves.flatMap(({ path, value }) => (value === null ? [leafName(path)] : [])),
  )
  const names = new Map(
    o.provenance
      .filter(({ path, value }) => value === null && absent.has(leafName(path)))
      .map((one) => [leafName(one.path), one]),
  )
  const findings: Finding[] = []
  for (const [name, one] of [...names].slice(0, mostNames)) {
    if (await staysAbsent(o, name, one)) findings.push(finding(o.input, one))
  }
  return findings
}

async function staysAbsent(o: FillInput, name: string, { path }: Provenance): Promise<boolean> {
  let taken = 0
  for (const filling of fillings) {
    const { execution } = await o.rehearsal.run({
      lenient: true,
      answer: async (_asked, recorded) =>
        changeAnswer(await recorded(), (leaf) =>
          leaf.value === null && leafName(leaf.path) === name ? filling : leaf.value,
        ),
    })
    if (!returned(execution)) continue
    taken += 1
    if (leafAt(resultOf(execution), path.split('.')) !== null) return false
  }
  return taken > 0
}

/** What is an object when it is there cannot be guessed; that null is written beside the name can be read. */
function finding({ recorded, compiled }: OracleInput, { path }: Provenance): Finding {
  const name = path.split('.').at(-1) ?? path
  const written = new RegExp(`\\b${name.replace(/\W/g, '.')}["']?\\s*:\\s*null\\b`).test(
    compiled.code,
  )
  return {
    check: mutationCheck,
    behaviour: 'C6',
    severity: written ? 'reject' : 'warn',
    message: `The output's "${path}" is null, also when the answer has a value under that name.`,
    remedy: 'Take the value from the answer.',
    pointer: recorded.pointer,
  }
}
