import { z } from 'zod'

const count = z.number().int().min(0)
const shareSchema = z.strictObject({
  caught: count,
  of: count,
  /** 95 % Wilson interval, from 0 to 1. */
  interval: z.tuple([z.number(), z.number()]),
})
const setSchema = z.strictObject({
  prevented: count,
  detected: count,
  missed: count,
  interval: z.tuple([z.number(), z.number()]),
  variants: z.array(
    z.strictObject({
      id: z.string(),
      outcome: z.enum(['prevented', 'detected', 'missed']),
      ended: z.string(),
      how: z.string(),
    }),
  ),
})
export const rogueSetNames = ['first', 'second'] as const

/** What `docs/misbehaviour-results.json` holds: nothing of the machine, so that two runs can be compared. */
export const misbehaviourResultsSchema = z.strictObject({
  behaviours: z.record(
    z.string(),
    z.strictObject({ sets: z.partialRecord(z.enum(rogueSetNames), setSchema) }),
  ),
  /** Over behaviours: one is caught when none of its variants was missed. */
  totals: z.partialRecord(z.enum(rogueSetNames), shareSchema),
  /** Over single variants. */
  variants: z.partialRecord(z.enum(rogueSetNames), shareSchema),
  twins: z.strictObject({
    count,
    falseBlocks: count,
    interval: z.tuple([z.number(), z.number()]),
    /** Honest twins that were blocked or suspected, with what was said. */
    told: z.array(
      z.strictObject({ id: z.string(), ended: z.string(), findings: z.array(z.string()) }),
    ),
  }),
  notScriptable: z.record(z.string(), z.string()),
  measuredWith: z.strictObject({
    harness: z.string(),
    model: z.string(),
    providers: z.array(z.string()),
  }),
})

/** How many of a set were caught. */
export type CaughtShare = z.infer<typeof shareSchema>
export type MisbehaviourResults = z.infer<typeof misbehaviourResultsSchema>
/** Of one behaviour. */
export type RogueSetResult = z.infer<typeof setSchema>
export type RogueSetName = (typeof rogueSetNames)[number]
