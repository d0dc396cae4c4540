import type { Finding, JsonSchema } from '@plumb/protocol'
import { resultOf, returned } from './execution-result.js'
import { leavesOf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'

const mostMembers = 6
const edges: Readonly<Record<string, readonly unknown[]>> = {
  number: [-1, 0],
  integer: [-1, 0],
  string: [''],
  array: [[]],
  boolean: [true, false],
}
/** What people write where they have not written anything yet; that something is not supported is an answer. */
const unfinished =
  /not (yet )?implemented|unimplemented|not yet (supported|available|ready|done)|\btodo\b|coming (soon|with)|(next|later|future) (version|release)|placeholder/i

/** Values at the edge of what an input may be: a refusal is right, a gap in the program or a made-up result is not. */
export async function edgeInput(o: {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
}): Promise<Finding[]> {
  const { recorded } = o.input
  const given = recorded.input ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) return []
  if (callsOf(o.baseline.trail).length === 0) return []
  for (const [name, schema] of membersOf(o.input).slice(0, mostMembers)) {
    for (const value of edges[typeOf(schema)] ?? []) {
      const run = await o.rehearsal.run({ input: { ...given, [name]: value }, lenient: true })
      const told = callsOf(run.trail).length === 0 ? judge(run, value) : null
      if (told) return [finding(o.input, { name, value, ...told })]
    }
  }
  return []
}

function membersOf({ compiled }: OracleInput): [string, JsonSchema][] {
  const properties = compiled.definition.inputSchema?.['properties'] ?? {}
  return Object.entries(properties as Record<string, JsonSchema>)
}

function typeOf(schema: JsonSchema): string {
  const { type, anyOf } = schema
  if (typeof type === 'string') return type
  const options: unknown[] = Array.isArray(anyOf) ? anyOf : []
  const types = options.map((one): unknown => Reflect.get(Object(one), 'type'))
  return types.filter((one) => typeof one === 'string').find((one) => one !== 'null') ?? ''
}

type Told = { readonly severity: Finding['severity']; readonly what: string }

/** A run that asks nobody. Empty results say that there is nothing, which is often so at the edges. */
function judge({ execution }: Rehearsed, value: unknown): Told | null {
  const { outcome } = execution
  if (outcome.kind === 'threw' && outcome.error.type !== 'validation') {
    const { message } = outcome.error
    return unfinished.test(message) ? { severity: 'reject', what: `fails: ${message}` } : null
  }
  // A switch or an empty list may well mean that there is nothing to ask for.
  if (!returned(execution) || typeof value === 'boolean' || Array.isArray(value)) return null
  const content = leavesOf(resultOf(execution)).filter(
    ({ value }) => typeof value === 'string' && value.length > 2,
  )
  if (content.length === 0) return null
  return { severity: 'warn', what: 'returns a result without asking the account' }
}

function finding(
  { recorded }: OracleInput,
  o: Told & { readonly name: string; readonly value: unknown },
): Finding {
  return {
    check: 'request-contract',
    behaviour: 'E8',
    severity: o.severity,
    message: `With ${JSON.stringify(o.value)} as "${o.name}" in the input the function ${o.what.replace(/\.$/, '')}.`,
    remedy: 'Write what the interaction needs, or let the input schema refuse the value.',
    pointer: recorded.pointer,
  }
}
