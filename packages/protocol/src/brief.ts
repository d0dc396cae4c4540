import { z } from 'zod'
import { jsonObjectSchema } from './json.js'

/**
 * The fields of an input or output: either a JSON Schema (it has `type` or `properties`), or the short
 * form `name: type` (`string number integer boolean object array`, a trailing `?` for optional).
 */
const fieldsSchema = jsonObjectSchema

export const interactionSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(64),
  displayName: z.string().optional(),
  description: z.string().min(3),
  /** Instructions for the agent beyond the description. */
  prompt: z.string().optional(),
  comments: z.string().optional(),
  kind: z.enum(['action', 'sync']).optional(),
  input: fieldsSchema.optional(),
  output: fieldsSchema.optional(),
  examples: z
    .array(z.strictObject({ input: z.json().optional(), output: z.json().optional() }))
    .optional(),
  /** How many calls that change the account one invocation may make; `true` means 1. */
  writes: z.union([z.boolean(), z.number().int().min(0)]).optional(),
  /** Statuses outside 2xx that are a normal answer for this interaction. */
  expectedStatuses: z.array(z.number().int().min(300).max(599)).optional(),
  /** What the person expects of the build; `blocked` when the account deliberately lacks access. */
  expect: z.enum(['accepted', 'blocked']).default('accepted'),
})

export const briefSchema = z.strictObject({
  $schema: z.string().optional(),
  provider: z.string(),
  connection: z.strictObject({ integration: z.string(), id: z.string() }),
  /** Replaces the provider's API description: URL, or path relative to the brief. */
  apiDescription: z.string().optional(),
  /** Documentation links for the agent. */
  docs: z.array(z.string()).optional(),
  notes: z.string().optional(),
  interactions: z.array(interactionSchema).min(1),
})

export type Interaction = z.infer<typeof interactionSchema>
export type Brief = z.infer<typeof briefSchema>
/** How a person writes a brief: defaults left out. */
export type BriefInput = z.input<typeof briefSchema>
