import type { CompiledFunction, Finding } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { resultOf, returned } from './execution-result.js'
import { leafName, leavesOf } from './leaves.js'
import type { LeafValue } from './leaves.js'
import { withAt } from './list-in-answer.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'
import type { ResponseLeaf } from './response-leaves.js'
import { ownCode } from './source-literals.js'

const mostNames = 4
/** Members that an object is given where the answer had none. */
const mostMembers = 60
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
  for (const filling of [...fillings, ...objectsFor(o.input.compiled)]) {
    const { execution } = await o.rehearsal.run({
      lenient: true,
      answer: async (_asked, recorded) => filled(await recorded(), name, filling),
    })
    if (!returned(execution)) continue
    taken += 1
    if (memberAt(resultOf(execution), path.split('.')) !== null) return false
  }
  return taken > 0
}

/** What is an object when it is there has the members that the source reads somewhere. */
function objectsFor({ code }: CompiledFunction): object[] {
  const own = ownCode(code)
  const read = [...own.matchAll(/\.\s*([A-Za-z_$][\w$]*)|\[\s*["']([^"'\n]+)["']\s*\]/g)]
  const keys = [...own.matchAll(/[{,]\s*["']?([A-Za-z_$][\w$]*)["']?\s*[:,}]/g)]
  const names = [
    ...read.map(([, name, quoted]) => name ?? quoted ?? ''),
    ...keys.map(([, name]) => name ?? ''),
  ]
  const members = [...new Set(names)].filter((name) => name !== '').slice(0, mostMembers)
  return ['Filled 7', 4711].map((value) =>
    Object.fromEntries(members.map((member) => [member, value])),
  )
}

function filled(answer: GatewayAnswer, name: string, filling: LeafValue | object): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const json = jsonOf(answer.response.body)
  if (json === undefined) return answer
  const places = leavesOf(json).filter(
    ({ path, value }) => value === null && leafName(path) === name,
  )
  const whole = places.reduce<unknown>((at, { path }) => withAt(at, path, filling), json)
  return {
    ...answer,
    response: { ...answer.response, body: { encoding: 'utf8', text: JSON.stringify(whole) } },
  }
}

/** Also an object; undefined where there is nothing. */
function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => {
    return typeof at === 'object' && at !== null ? (Reflect.get(at, step) as unknown) : undefined
  }, value)
}

/** That null is written beside the name can be read; anything else a person has to look at. */
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
