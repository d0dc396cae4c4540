import { z } from 'zod'
import { providerWebhookSchema } from './provider-webhook.js'
import { providerAuthSchema } from './provider-auth.js'

const headers = z.record(z.string(), z.string())

/** Which response headers say when to try again. */
export const retryRuleSchema = z.strictObject({
  /** Header with an absolute time (epoch seconds, epoch milliseconds or HTTP date). */
  at: z.string().optional(),
  /** Header with a delay in seconds. */
  after: z.string().optional(),
  /** Header with the number of calls left in the window. */
  remaining: z.string().optional(),
  /** Statuses that are retried beside 429 and 5xx. */
  errorCodes: z.array(z.number().int()).default([]),
  /** A rate limit that is told in the body only: dotted path, and a regular expression on its value. */
  inBody: z.strictObject({ path: z.string(), matches: z.string() }).optional(),
})

/** How pages of a list are walked; the names are those of the authoring interface. */
export const paginationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cursor'),
    cursor_name_in_request: z.string(),
    cursor_path_in_response: z.string(),
    limit: z.number().int().positive().optional(),
    limit_name_in_request: z.string().optional(),
    response_path: z.string().optional(),
    in_body: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('link'),
    link_rel_in_response_header: z.string().optional(),
    link_path_in_response_body: z.string().optional(),
    limit: z.number().int().positive().optional(),
    limit_name_in_request: z.string().optional(),
    response_path: z.string().optional(),
    in_body: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('offset'),
    offset_name_in_request: z.string(),
    offset_start_value: z.number().int().optional(),
    offset_calculation_method: z.enum(['by-response-size', 'per-page']).optional(),
    limit: z.number().int().positive().optional(),
    limit_name_in_request: z.string().optional(),
    response_path: z.string().optional(),
    in_body: z.boolean().optional(),
  }),
])

/**
 * Recognises the provider's way of saying that access is gone or too narrow.
 * A rule matches when every member that is given matches.
 */
export const accessRuleSchema = z.strictObject({
  kind: z.enum(['access-revoked', 'missing-scope']),
  status: z.number().int().optional(),
  /** Dotted path into the JSON body. */
  path: z.string().optional(),
  /** Regular expression on the value at `path` (or on the whole body without `path`). */
  matches: z.string().optional(),
  /** Where the response names the missing scope. */
  scopePath: z.string().optional(),
  scopeHeader: z.string().optional(),
  /** Header that lists the granted scopes: the rule matches only when none of those of `scopeHeader` is granted. */
  grantedHeader: z.string().optional(),
})

const providerName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)

/** What a person has to say when connecting an account, beside the credential. */
export const connectionFieldSchema = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  /** A value as the vendor writes it; it matches `pattern`. */
  example: z.string(),
  /** Regular expression that the whole value matches. */
  pattern: z.string().optional(),
})

/** The same API under another name, mostly for another kind of credential. What it leaves out is the entry's. */
export const providerVariantSchema = z.strictObject({
  name: providerName,
  displayName: z.string().optional(),
  docs: z.string().optional(),
  auth: providerAuthSchema.optional(),
  baseUrl: z.string().optional(),
})

/** An API vendor's entry in the catalog. Strings may hold `${connectionConfig.name}`. */
export const providerSchema = z.strictObject({
  name: providerName,
  displayName: z.string(),
  categories: z.array(z.string()).default([]),
  docs: z.string().optional(),
  auth: providerAuthSchema,
  proxy: z.strictObject({
    baseUrl: z.string(),
    /** Hosts beside that of `baseUrl` which functions may call with this credential. */
    hosts: z.array(z.string()).default([]),
    headers: headers.default({}),
    query: headers.default({}),
    retry: retryRuleSchema.optional(),
    paginate: paginationSchema.optional(),
    /** A cheap read that proves the credential works. */
    check: z.strictObject({ method: z.string().default('GET'), endpoint: z.string() }).optional(),
    /** The provider answers 200 to failed calls: this path in the body must be truthy. */
    successPath: z.string().optional(),
    /** Calls that change nothing though their method says so: `POST /graphql`, `POST /crm/*` (`*` matches anything). */
    reads: z.array(z.string()).optional(),
    /** The other way round, after `reads`: `GET chat.*`. */
    writes: z.array(z.string()).optional(),
    access: z.array(accessRuleSchema).default([]),
  }),
  /** Each `connectionConfig` value that the entry uses, by its name. */
  connectionConfig: z.record(z.string(), connectionFieldSchema).optional(),
  /** OpenAPI 3, Swagger 2 or Google Discovery document: URL, or path relative to the entry. */
  apiDescription: z.string().optional(),
  webhook: providerWebhookSchema.optional(),
  variants: z.array(providerVariantSchema).optional(),
})

export type Provider = z.infer<typeof providerSchema>
export type ProviderVariant = z.infer<typeof providerVariantSchema>
export type Pagination = z.infer<typeof paginationSchema>
export type AccessRule = z.infer<typeof accessRuleSchema>
export type RetryRule = z.infer<typeof retryRuleSchema>
