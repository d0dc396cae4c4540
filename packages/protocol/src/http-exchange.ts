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
  method: z.enum([
    ...(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const),
    ...(['PROPFIND', 'REPORT'] as const),
  ]),
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

/** A call to any public address: no base URL, no credentials, no retries. */
export const outsideRequestSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.string().regex(/^[A-Z]{1,20}$/),
  headers: z.record(z.string(), z.string()),
  body: wireBodySchema.nullable(),
})

/** What came back from it; `url` is where the last redirect led. */
export type OutsideAnswer =
  | { readonly kind: 'answered'; readonly url: string; readonly response: ProviderResponse }
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string }

export type OutsideRequest = z.infer<typeof outsideRequestSchema>
export type WireBody = z.infer<typeof wireBodySchema>
export type ProviderRequest = z.infer<typeof providerRequestSchema>
export type ProviderResponse = z.infer<typeof providerResponseSchema>
