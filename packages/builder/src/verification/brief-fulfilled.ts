import type { Execution, Finding, JsonSchema } from '@plumb/protocol'
import { namedFields } from '../reading/named-fields.js'
import type { Check, CheckInput } from './verification-input.js'

/** Is the function what the brief asks for: its kind, its input and output, and something in the output? */
export const briefFulfilled: Check = {
  name: 'brief',
  run: (input) => [
    ...wrongKind(input),
    ...missingInput(input),
    ...missingOutput(input),
    ...emptySync(input),
  ],
}

function wrongKind({ interaction, compiled }: CheckInput): Finding[] {
  if (!compiled || !interaction.kind || interaction.kind === compiled.definition.kind) return []
  return [
    reject(
      `The brief asks for a ${interaction.kind}, the function is a ${compiled.definition.kind}.`,
    ),
  ]
}

function missingInput({ interaction, compiled }: CheckInput): Finding[] {
  if (!compiled || compiled.definition.kind === 'sync') return []
  const accepted = propertiesOf(compiled.definition.inputSchema)
  if (accepted === null) return []
  return namedFields(interaction.input)
    .filter(({ name }) => !accepted.has(name))
    .map(({ name }) =>
      reject(
        `The brief gives the input ${JSON.stringify(name)}, which the function does not take.`,
      ),
    )
}

function missingOutput(input: CheckInput): Finding[] {
  const { compiled, interaction, dryRuns } = input
  if (!compiled) return []
  const { definition } = compiled
  const schemas =
    definition.kind === 'sync' ? Object.values(definition.models) : [definition.outputSchema]
  const declared = schemas.map(propertiesOf)
  return namedFields(interaction.output).flatMap(({ name, required }) => {
    if (declared.every((properties) => properties !== null && !properties.has(name))) {
      return [
        reject(
          `The brief asks for ${JSON.stringify(name)}, which the function's schema does not have.`,
        ),
      ]
    }
    return required ? absentField(name, dryRuns) : []
  })
}

function absentField(name: string, dryRuns: readonly Execution[]): Finding[] {
  const results = dryRuns.map((execution) => ({ execution, items: itemsOf(execution) }))
  const values = results.flatMap(({ items }) => items.map((item) => item[name]))
  const pointer = pointerTo(results[0]?.execution)
  if (values.length === 0) return []
  if (values.every((value) => value === null || value === undefined)) {
    return [
      {
        ...reject(`The required output ${JSON.stringify(name)} was missing in every dry run.`),
        pointer,
      },
    ]
  }
  if (!values.every(isEmpty)) return []
  const message = `The required output ${JSON.stringify(name)} was empty in every dry run.`
  return [{ ...reject(message), severity: 'warn', behaviour: 'A10', pointer }]
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return Array.isArray(value) && value.length === 0
}

/** What came out, as objects: the output, the items of a list, or the records of a sync. */
function itemsOf({
  outcome,
  records,
  functionKind,
}: Execution): Readonly<Record<string, unknown>>[] {
  const values =
    functionKind === 'sync'
      ? Object.values(records).flatMap(({ saved }) => saved)
      : outcome.kind === 'returned'
        ? [outcome.output].flat()
        : []
  return values.filter(
    (value): value is Record<string, unknown> => typeof value === 'object' && value !== null,
  )
}

function emptySync({ compiled, dryRuns }: CheckInput): Finding[] {
  if (compiled?.definition.kind !== 'sync' || dryRuns.length === 0) return []
  const saved = dryRuns.some(({ records }) =>
    Object.values(records).some((changes) => changes.saved.length > 0),
  )
  if (saved) return []
  const message = 'The sync saved no record in any dry run, so nothing shows that it works.'
  return [{ ...reject(message), behaviour: 'A10', pointer: pointerTo(dryRuns[0]) }]
}

/** Names of an object schema's properties, through lists and alternatives; null when the schema says nothing about them. */
export function propertiesOf(schema: JsonSchema | null | undefined): ReadonlySet<string> | null {
  if (!schema) return null
  const { properties, items } = schema
  if (isSchema(properties)) return new Set(Object.keys(properties))
  if (isSchema(items)) return propertiesOf(items)
  const parts = [schema['anyOf'], schema['oneOf'], schema['allOf']].flat().filter(isSchema)
  const known = parts.map(propertiesOf).filter((names) => names !== null)
  return known.length === 0 ? null : new Set(known.flatMap((names) => [...names]))
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pointerTo(execution: Execution | undefined): Finding['pointer'] {
  return execution ? { kind: 'execution', executionId: execution.id } : null
}

function reject(message: string): Finding {
  return {
    check: briefFulfilled.name,
    behaviour: 'E1',
    severity: 'reject',
    message,
    remedy: 'Give the function the kind, input and output that interaction.json names.',
    pointer: null,
  }
}
