import { z } from 'zod'
import { retryRuleSchema } from './provider.js'

/** A body as it crosses the channel between runner and control. */
export const wireBodySchema = z.strictObject({
  encoding: z.enum(['utf8', 'base64']),
  text: z.string(),
})

/**
 * What a function asks of its provider. `endpoint` is relative to the provider's base URL; an absolute URL is
 * accepted only on an allowed host. The gateway, not the function, adds base URL and credentials.
 */
export const providerRequestSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
  endpoint: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Query parameters in order; names may repeat. */
  query: z.array(z.tuple([z.string(), z.string()])),
  body: wireBodySchema.nullable(),
  /** How often to try again after the first call. */
  retries: z.number().int().min(0).max(10),
  retryOn: z.array(z.number().int()),
  retryHeader: retryRuleSchema.pick({ at: true, after: true }).nullable(),
  /** Statuses outside 2xx that are returned without trying again. */
  expectedStatus: z.array(z.number().int()),
  /** Another connection of the same owner; null for the execution's own. */
  connection: z.strictObject({ integrationKey: z.string(), connectionId: z.string() }).nullable(),
})

/** What the provider answered; non-2xx included. The SDK decides what is thrown. */
export const providerResponseSchema = z.strictObject({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  body: wireBodySchema,
})

export type WireBody = z.infer<typeof wireBodySchema>
export type ProviderRequest = z.infer<typeof providerRequestSchema>
export type ProviderResponse = z.infer<typeof providerResponseSchema>
