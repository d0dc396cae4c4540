import { z } from 'zod'

/** A raw body. `text` is base64 when `encoding` says so; `bytes` and `sha256` describe the decoded bytes. */
export const bodySchema = z.strictObject({
  encoding: z.enum(['utf8', 'base64']),
  text: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
})

/** Why a call was made. */
export const receiptPurposeSchema = z.enum([
  'explore',
  'dryrun',
  'verification',
  'probe',
  'refresh',
  'execution',
])

/**
 * One provider exchange, written by the gateway before the caller sees the answer.
 * Receipts of one `chain` (an attempt, or a connection outside attempts) are numbered from 1 without gaps;
 * `hash` covers every other member but `signature`, including `previousHash`; `signature` is Ed25519 over `hash`.
 */
export const receiptSchema = z.strictObject({
  id: z.string(),
  chain: z.string(),
  sequence: z.number().int().min(1),
  previousHash: z.string().nullable(),
  attemptId: z.string().nullable(),
  /** The dry run, verification run or execution that made the call; null for exploration and probes. */
  executionId: z.string().nullable(),
  purpose: receiptPurposeSchema,
  integrationKey: z.string(),
  connectionId: z.string(),
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    /** Lower-case names; values of secret headers and query parameters are `[secret]`. */
    headers: z.record(z.string(), z.string()),
    body: bodySchema.nullable(),
  }),
  /** Null when no response arrived; then `failure` says why. */
  response: z
    .strictObject({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      body: bodySchema,
    })
    .nullable(),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** True when the call may change the account (method and provider rules decide). */
  write: z.boolean(),
  startedAt: z.string(),
  durationMs: z.number(),
  hash: z.string(),
  signature: z.string(),
  keyId: z.string(),
})

export type Body = z.infer<typeof bodySchema>
export type Receipt = z.infer<typeof receiptSchema>
export type ReceiptPurpose = z.infer<typeof receiptPurposeSchema>
/** A receipt before the store numbers, chains and signs it. */
export type ReceiptDraft = Omit<
  Receipt,
  'sequence' | 'previousHash' | 'hash' | 'signature' | 'keyId'
>
