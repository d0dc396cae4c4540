import { z } from 'zod'

/** One recorded exchange of a fixture: what must be asked, and what is answered. */
export const fixtureEntrySchema = z.object({
  response: z.unknown(),
  status: z.number().int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  hash: z.string().optional(),
  request: z
    .object({
      params: z.record(z.string(), z.unknown()).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      data: z.unknown().optional(),
    })
    .optional(),
  /** The receipt this entry was made from. */
  receipt: z.string().optional(),
})

const recordsByModel = z.record(z.string(), z.array(z.unknown()))

/** `tests/<name>.test.json`: a replayable recording, made from receipts, never by hand. */
export const fixtureSchema = z.object({
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  nango: z
    .object({
      getConnection: z.unknown().optional(),
      getMetadata: z.unknown().optional(),
      getCheckpoint: z.unknown().optional(),
      batchSave: recordsByModel.optional(),
      batchUpdate: recordsByModel.optional(),
      batchDelete: recordsByModel.optional(),
    })
    .loose()
    .optional(),
  api: z
    .record(
      z.string(),
      z.record(z.string(), z.union([fixtureEntrySchema, z.array(fixtureEntrySchema)])),
    )
    .optional(),
})

export type FixtureEntry = z.infer<typeof fixtureEntrySchema>
export type Fixture = z.infer<typeof fixtureSchema>
