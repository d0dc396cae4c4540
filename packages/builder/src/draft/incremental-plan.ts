import type { Interaction, Operation } from '@plumb/protocol'
import { quote } from './names.js'
import type { ShapeField } from './shape.js'

/** How a sync reads only what changed since it last ran. */
export type IncrementalPlan = {
  readonly parameter: string
  /** TypeScript for the moment the run starts, in the parameter's format. */
  readonly now: string
  /** A parameter that makes the list include deleted items. */
  readonly deletedParameter: string | null
  /** TypeScript condition on an item that says it is deleted; null where the list never shows them. */
  readonly deletedWhen: { readonly field: ShapeField; readonly condition: string } | null
}

/** Plans an incremental sync; null where the API has no parameter, or deletions would be missed that the brief asks for. */
export function planIncremental(
  operation: Operation,
  interaction: Interaction,
  from: { fields: readonly ShapeField[]; variable: string },
): IncrementalPlan | null {
  const parameter = operation.parameters.find(({ name }) => name === operation.incrementalParameter)
  if (parameter === undefined) return null
  const deletedWhen = deletionMark(from.fields, from.variable)
  if (wantsWhole(interaction, deletedWhen !== null)) return null
  const told = `${parameter.description} ${JSON.stringify(parameter.schema)}`
  const isNumber = parameter.schema.type === 'integer' || parameter.schema.type === 'number'
  return {
    parameter: parameter.name,
    now: nowText(told, isNumber),
    deletedParameter: deletedWhen === null ? null : deletedParameter(operation),
    deletedWhen,
  }
}

function wantsWhole(interaction: Interaction, seesDeletions: boolean): boolean {
  const text = `${interaction.description} ${interaction.prompt ?? ''} ${interaction.comments ?? ''}`
  if (/\bfull (refresh|sync)\b/i.test(text)) return true
  return !seesDeletions && /\b(delet|remov)/i.test(text)
}

function deletedParameter(operation: Operation): string | null {
  const pattern = /^(show|include|with)_?(deleted|removed|trashed|cancell?ed)$/i
  return operation.parameters.find(({ name }) => pattern.test(name))?.name ?? null
}

/** The moment in the format the parameter takes: ISO 8601, or seconds (or milliseconds) since 1970. */
function nowText(told: string, isNumber: boolean): string {
  const isEpoch = isNumber || (/\bunix\b|\bepoch\b/i.test(told) && !/iso|rfc/i.test(told))
  if (!isEpoch) return 'new Date().toISOString()'
  return /millisecond/i.test(told) ? 'String(Date.now())' : 'String(Math.floor(Date.now() / 1000))'
}

function deletionMark(
  fields: readonly ShapeField[],
  variable: string,
): { field: ShapeField; condition: string } | null {
  const flag = fields.find(
    ({ name, shape }) =>
      shape.kind === 'boolean' && /^(is_?)?(deleted|removed|trashed)$/i.test(name),
  )
  if (flag !== undefined) return { field: flag, condition: `${variable}.${flag.name} === true` }
  const status = fields.find(
    ({ name, shape }) => /^(status|state)$/i.test(name) && shape.kind === 'string',
  )
  const word = status === undefined ? null : deletionWord(status.description)
  if (status === undefined || word === null) return null
  return { field: status, condition: `${variable}.${status.name} === ${quote(word)}` }
}

/** The status that the documentation calls deleted: "`cancelled` means the event is deleted". */
function deletionWord(description: string): string | null {
  if (!/delet/i.test(description)) return null
  return (
    /\b(cancelled|canceled|deleted|removed|trashed)\b/i.exec(description)?.[1]?.toLowerCase() ??
    null
  )
}
