import { canonicalJson } from '@plumb/protocol'
import type { Finding, JsonSchema } from '@plumb/protocol'
import { returned } from './execution-result.js'
import { otherValues } from './input-values.js'
import { leafName } from './leaves.js'
import { pathSteps } from './likely-recording.js'
import type { OracleInput } from './oracle.js'
import { parametersOf } from './page-marks.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'
import { ownCode } from './source-literals.js'

const mostMembers = 12
const mostValues = 3

type Asking = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
}

type Member = {
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
  readonly given: Readonly<Record<string, unknown>>
}

/** Does each declared member of the input change a request or the result, whatever else is given? */
export async function ignoredInput(o: Asking): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const member of membersOf(o.input).slice(0, mostMembers)) {
    const told = await askMember(o, member)
    if (told) findings.push(told)
  }
  return findings
}

function membersOf({ compiled, recorded }: OracleInput): Member[] {
  const schema = compiled.definition.inputSchema
  const given = recorded.input ?? {}
  if (schema === null || typeof given !== 'object' || Array.isArray(given)) return []
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>
  return Object.entries(properties).map(([name, own]) => ({
    name,
    schema: own,
    required: required.has(name),
    given: given as Record<string, unknown>,
  }))
}

async function askMember(o: Asking, member: Member): Promise<Finding | null> {
  const values = otherValues(member.schema, member.given[member.name]).slice(0, mostValues)
  let tried = 0
  for (const value of values) {
    const run = await runWith(o, { ...member.given, [member.name]: value })
    if (refusesInput(run)) continue
    tried += 1
    if (isSilent(o, run, value)) return finding(o.input, member, 'silent')
    if (effectOf(run) !== effectOf(o.baseline)) return null
  }
  if (tried === 0 || (await mattersAmongOthers(o, member, values))) return null
  const fixed = String(member.given[member.name])
  return isWrittenOut(o, fixed)
    ? writtenOut(o.input, { name: member.name, fixed })
    : finding(o.input, member, 'ignored')
}

/** What the recording was asked for stands in the source, and goes into a request whatever the input is. */
function isWrittenOut({ input, baseline }: Asking, value: string): boolean {
  if (!/\d/.test(value) || value.length < 3) return false
  const quoted = [`'${value}'`, `"${value}"`, `/${value}`]
  if (!quoted.some((text) => ownCode(input.compiled.code).includes(text))) return false
  return callsOf(baseline.trail).some(
    (call) =>
      pathSteps(call.asked.request.endpoint).some(
        (step) => step === encodeURIComponent(value) || step === value,
      ) || parametersOf(call).some((parameter) => parameter.value === value),
  )
}

function writtenOut(
  { recorded }: OracleInput,
  { name, fixed }: { readonly name: string; readonly fixed: string },
): Finding {
  return {
    check: 'request-contract',
    behaviour: 'C1',
    severity: 'reject',
    message: `The function asks for ${JSON.stringify(fixed)}, which its source holds, whatever the input's "${name}" is.`,
    remedy: `Put "${name}" of the input into the request.`,
    pointer: recorded.pointer,
  }
}

/** Some options mean something only together with others. */
async function mattersAmongOthers(
  o: Asking,
  member: Member,
  values: readonly unknown[],
): Promise<boolean> {
  const others = membersOf(o.input).flatMap(({ name, schema, given }) => {
    const [value] = name in given ? [given[name]] : otherValues(schema, undefined)
    return value === undefined || name === member.name ? [] : [[name, value] as const]
  })
  const whole = { ...member.given, ...Object.fromEntries(others) }
  const usual = await runWith(o, whole)
  if (refusesInput(usual)) return true
  for (const value of values) {
    const run = await runWith(o, { ...whole, [member.name]: value })
    if (!refusesInput(run) && effectOf(run) !== effectOf(usual)) return true
  }
  return false
}

function runWith({ rehearsal }: Asking, input: unknown): Promise<Rehearsed> {
  return rehearsal.run({ input, lenient: true })
}

/** Everything that can be seen of a run from outside. */
function effectOf({ execution, trail }: Rehearsed): string {
  const seen = trail.map((entry) => {
    if (entry.kind === 'told') return [entry.method, entry.args]
    const { method, endpoint, query, headers, body } = entry.asked.request
    return [method, endpoint, query, headers, body]
  })
  return canonicalJson(JSON.parse(JSON.stringify([seen, execution.outcome])))
}

function refusesInput({ execution: { outcome } }: Rehearsed): boolean {
  return outcome.kind === 'threw' && outcome.error.type === 'validation'
}

/** A result without a call, where the recording needed one; leaving a call out is what switches and empty lists are for. */
function isSilent({ baseline }: Asking, run: Rehearsed, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  return (
    returned(run.execution) && callsOf(run.trail).length === 0 && callsOf(baseline.trail).length > 0
  )
}

const pagingMember =
  /^(cursor|.*cursor|after|before|startingafter|endingbefore|page|pagenumber|pagetoken|nextpagetoken|nexttoken|offset|skip|startat|limit|perpage|pagesize)$/

const sizeMember = /^(limit|perpage|pagesize)$/

function finding(
  { recorded, compiled }: OracleInput,
  { name, required }: Member,
  kind: 'silent' | 'ignored',
): Finding {
  const paging = pagingMember.test(leafName([name]))
  const unread = !isRead(compiled.code, name)
  // A list of one thing is the same whatever the most is that may be in it.
  const steers = paging && (unread || !sizeMember.test(leafName([name])))
  const certain = kind === 'silent' ? paging : steers || (required && unread)
  const message =
    kind === 'silent'
      ? `With another "${name}" in the input the function returns a result without asking the account.`
      : `The input's "${name}" changes neither a request nor the result, whatever it is.`
  return {
    check: 'request-contract',
    behaviour: paging && kind === 'ignored' ? 'E4' : 'E8',
    severity: certain ? 'reject' : 'warn',
    message,
    remedy: 'Make use of every member of the input, or do not declare it.',
    pointer: recorded.pointer,
  }
}

function isRead(code: string, name: string): boolean {
  const own = name.replace(/[^\w]/g, '.')
  return new RegExp(`\\.${own}\\b|\\[["']${own}["']\\]|[{,]\\s*${own}\\s*[,}=]`).test(code)
}
