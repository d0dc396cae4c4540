import { camelCase, choices } from './entity.js'
import type { Entity, Field } from './entity.js'

const rawTypes: Readonly<Record<Field['kind'], string>> = {
  text: 'z.string()',
  number: 'z.number()',
  flag: 'z.boolean()',
  time: 'z.string()',
  choice: `z.enum(${JSON.stringify(choices)})`,
  list: 'z.array(z.string())',
  party: 'z.object({ party_id: z.string(), display_name: z.string() })',
}

/** A zod object of the entity as the API answers it. */
export function rawSchema(entity: Entity): string {
  const fields = entity.fields.map(
    ({ name, kind, nullable }) => `  ${name}: ${rawTypes[kind]}${nullable ? '.nullable()' : ''},`,
  )
  return ['z.object({', '  id: z.string(),', ...fields, '})'].join('\n')
}

/** A zod object of the entity as the functions hand it on, each field described. */
export function outputSchema(entity: Entity): string {
  const fields = entity.fields.flatMap(({ name, kind, nullable }) => {
    const type =
      kind === 'party' ? 'z.object({ id: z.string(), name: z.string() })' : rawTypes[kind]
    const words = name.replaceAll('_', ' ')
    return [
      `  ${camelCase(name)}: ${type}`,
      ...(nullable ? ['    .nullable()'] : []),
      `    .describe('The ${words} of the ${entity.name}.'),`,
    ]
  })
  return ['z.object({', `  id: z.string(),`, ...fields, '})'].join('\n')
}

/** The body of a function from a raw row, called `raw`, to the row handed on. */
export function mapping(entity: Entity): string {
  const fields = entity.fields.map(({ name, kind, nullable }) => {
    if (kind !== 'party') return `    ${camelCase(name)}: raw.${name},`
    const party = `{ id: raw.${name}.party_id, name: raw.${name}.display_name }`
    return `    ${camelCase(name)}: ${nullable ? `raw.${name} === null ? null : ` : ''}${party},`
  })
  return ['  return {', '    id: raw.id,', ...fields, '  }'].join('\n')
}
