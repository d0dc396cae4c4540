import { z } from 'zod'

/** What the `plumb` tool inside a box sends: its words as typed, and the files that `@path` words name. */
export const boxRequestSchema = z.strictObject({
  args: z.array(z.string().max(1_000_000)).max(64),
  files: z.record(z.string(), z.string()),
})

export const boxReplySchema = z.strictObject({
  exitCode: z.number().int().min(0).max(255),
  /** Printed as JSON on stdout. */
  output: z.json(),
})

/** Exit codes of the `plumb` tool inside a box. */
export const boxExitCodes = {
  ok: 0,
  /** The command ran and the answer is no: a failed dry run, findings of a check. */
  failed: 1,
  /** The gateway could not be reached or broke. */
  internal: 2,
  /** Wrong or missing arguments. */
  usage: 64,
  /** No such verb. */
  unknownVerb: 64,
  /** The account lacks access; the attempt is over. */
  blocked: 77,
} as const

export type BoxRequest = z.infer<typeof boxRequestSchema>
export type BoxReply = z.infer<typeof boxReplySchema>
