import { z } from 'zod'
import { functionDefinitionSchema } from './function-definition.js'

/** Version of the manifest's shape; a reader refuses any other. */
export const manifestVersion = 1

const manifestFunctionSchema = z.strictObject({
  integration: z.string(),
  kind: z.enum(['action', 'sync', 'on-event']),
  name: z.string(),
  /** Relative to the project. */
  file: z.string(),
  /** Relative to the manifest. */
  bundle: z.string(),
  /** SHA-256 over the file and everything it imports, in hexadecimal. */
  sourceHash: z.string(),
  /** SHA-256 of the bundle, in hexadecimal. */
  bundleHash: z.string(),
  /** Further integrations that are links to this one. */
  linkedAs: z.array(z.string()),
  definition: functionDefinitionSchema,
  /** How many warnings the compiler has about it. */
  warnings: z.number().int().nonnegative(),
})

/** What `plumb compile` leaves behind: every function of a project, ordered by integration, kind and name. */
export const manifestSchema = z.strictObject({
  version: z.literal(manifestVersion),
  functions: z.array(manifestFunctionSchema),
})

export type ManifestFunction = z.infer<typeof manifestFunctionSchema>
export type Manifest = z.infer<typeof manifestSchema>
