import type { Finding, JsonSchema } from '@plumb/protocol'
import type { OracleInput } from './oracle.js'
import { lateFields } from './late-fields.js'
import { ownCode } from './source-literals.js'

/** A field of a record that is set when the record was handed over already: what was saved does not have it. */
export function changedAfterSaving({ compiled, recorded }: OracleInput): Finding[] {
  if (compiled.definition.kind !== 'sync') return []
  const fields = new Set(Object.values(compiled.definition.models).flatMap(fieldsOf))
  const late = lateFields(ownCode(compiled.code)).find(({ field }) => fields.has(field))
  if (late === undefined) return []
  return [
    {
      check: 'two-identities',
      behaviour: 'E8',
      severity: 'reject',
      message: `The function sets "${late.field}" of what it has handed to ${late.method} before: the records that are kept do not have it.`,
      remedy: 'Set every field before the records are saved, or save them again (batchUpdate).',
      pointer: recorded.pointer,
    },
  ]
}

function fieldsOf(schema: JsonSchema): string[] {
  return Object.keys(Object(schema['properties']) as object)
}
