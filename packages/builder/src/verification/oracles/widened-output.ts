import type { Finding, JsonSchema } from '@plumb/protocol'
import { resultOf } from './execution-result.js'
import { leafName, leavesOf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import type { Rehearsed } from './rehearsal.js'
import { responseLeaves } from './response-leaves.js'

const failureNames =
  /^(errors?|errormessage|errorcode|errortext|failure|failurereason|failed|exception|problem)$/

/** The output of an action has room for an error that no answer of the API speaks of: a failure may come out as a success. */
export function widenedOutput(input: OracleInput, baseline: Rehearsed): Finding[] {
  const { definition } = input.compiled
  if (definition.kind !== 'action' || input.declared === null) return []
  const said = responseLeaves(input.recorded.recordings).map(({ path }) => leafName(path))
  const filled = leavesOf(resultOf(baseline.execution)).filter(({ value }) => value !== null)
  const known = new Set([...said, ...filled.map(({ path }) => leafName(path))])
  const name = optionalNames(definition.outputSchema).find(
    (one) => failureNames.test(leafName([one])) && !known.has(leafName([one])),
  )
  if (name === undefined) return []
  return [
    {
      check: 'fault-sweep',
      behaviour: 'D4',
      severity: 'warn',
      message: `The output may have "${name}", which no answer has and a success does not fill.`,
      remedy: 'Let an error be an error: the caller sees it as one.',
      pointer: input.recorded.pointer,
    },
  ]
}

/** Members of the output that may be missing or null. */
function optionalNames(schema: JsonSchema | null): string[] {
  if (schema === null) return []
  const required = new Set<unknown>(
    Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [],
  )
  const own = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
  const names = own
    .filter(([name, member]) => !required.has(name) || JSON.stringify(member).includes('"null"'))
    .map(([name]) => name)
  const { anyOf } = schema
  const options: unknown[] = Array.isArray(anyOf) ? anyOf : []
  return [...names, ...options.flatMap((one) => optionalNames(one as JsonSchema))]
}
