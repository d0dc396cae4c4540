import { resolve } from 'node:path'
import type { JsonObject } from '@plumb/protocol'
import { z } from 'zod'

const json = 'JSON, or @file'

/** Options of `plumb dryrun` and `plumb record` alike. */
export const dryRunFields = {
  function: z.string().describe('a file, integration/name, or a name'),
  connection: z
    .string()
    .optional()
    .describe('account to run against (default: the only one of the integration)'),
  integration: z
    .string()
    .optional()
    .describe("key of the integration (default: the function's folder)"),
  input: z.string().optional().describe(`the input: ${json}`),
  metadata: z.string().optional().describe(`metadata in place of the connection's: ${json}`),
  checkpoint: z.string().optional().describe(`where the last run stood: ${json}`),
  lastSyncDate: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('ISO 8601 time of the last sync'),
  variant: z.string().optional().describe('variant of a sync'),
  state: z
    .string()
    .optional()
    .describe('file that keeps records and checkpoint from one run to the next'),
  allowWrites: z.boolean().default(false).describe('send calls that change the account'),
  remote: z.url().optional().describe('a Plumb that keeps the connection; needs PLUMB_SECRET_KEY'),
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(120)
    .describe('seconds that the function may take'),
  case: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens')
    .optional()
    .describe('name of a further fixture of the same function'),
  force: z.boolean().default(false).describe('overwrite a fixture'),
}

export type DryRunFields = z.infer<z.ZodObject<typeof dryRunFields>>

export type DryRunArguments = {
  /** Undefined when none was given. */
  readonly input: unknown
  readonly metadata: JsonObject | undefined
  readonly checkpoint: JsonObject | undefined
  /** Absolute. */
  readonly state: string | null
}

/** Reads what was given as JSON. Throws PlumbError `input-invalid`. */
export async function readDryRunArguments(
  given: DryRunFields,
  directory: string,
): Promise<DryRunArguments> {
  const { readJsonArgument, readJsonObjectArgument } = await import('@plumb/toolchain')
  const object = async (option: 'metadata' | 'checkpoint') => {
    const text = given[option]
    if (text === undefined) return undefined
    return readJsonObjectArgument({ given: text, option: `--${option}`, directory })
  }
  return {
    input:
      given.input === undefined
        ? undefined
        : await readJsonArgument({ given: given.input, option: '--input', directory }),
    metadata: await object('metadata'),
    checkpoint: await object('checkpoint'),
    state: given.state === undefined ? null : resolve(directory, given.state),
  }
}
