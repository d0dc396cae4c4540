import type { z } from 'zod'

type Definition = {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
}

/** The type under defaults, optionals and pipes: `string`, `number`, `boolean`, `array`, `object`, ... */
export function baseSchema(schema: z.ZodType): {
  readonly type: string
  readonly element?: z.ZodType
} {
  const { type, innerType, in: source, element } = schema.def as unknown as Definition
  const inner = innerType ?? source
  if (inner !== undefined) return baseSchema(inner)
  return element === undefined ? { type } : { type, element }
}

/** What a schema says of itself, or what is under its defaults, optionals and pipes. */
export function descriptionOf(schema: z.ZodType): string | undefined {
  const { innerType, in: source } = schema.def as unknown as Definition
  const inner = innerType ?? source
  return schema.description ?? (inner === undefined ? undefined : descriptionOf(inner))
}
