import { z } from 'zod'

/** Where a value stands in a delivery; exactly one member is given. */
const placeSchema = z
  .strictObject({
    header: z.string().optional(),
    query: z.string().optional(),
    /** Dotted path into the JSON body; `*` stands for every member of a list. */
    body: z.string().optional(),
  })
  .refine((place) => Object.keys(place).length === 1, {
    message: 'names exactly one of "header", "query" and "body".',
  })

/** Which secret a delivery is proved with: one that is kept for webhooks alone, or that of the OAuth client. */
const secret = z.enum(['webhook-secret', 'client-secret']).default('webhook-secret')

/** Seconds by which the sender's clock may differ before a delivery counts as replayed. */
const toleranceSeconds = z.number().int().positive().default(300)

const hmacRule = z.strictObject({
  scheme: z.literal('hmac'),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  header: z.string(),
  /** What stands before the signature in the header: `sha256=`. */
  prefix: z.string().default(''),
  /** Of headers such as `t=1,v1=abc`: the name whose value is the signature. */
  member: z.string().optional(),
  /** What is signed. `${body}`, `${timestamp}`, `${method}`, `${url}` and `${form}` (sorted names and values) stand for what came. */
  signed: z.string().default('${body}'),
  /** A header, or a member of the signature's header, in seconds or milliseconds since 1970 or as ISO 8601. */
  timestamp: z
    .strictObject({ header: z.string().optional(), member: z.string().optional() })
    .optional(),
  toleranceSeconds,
  secret,
  /** How the text of the secret stands for its bytes. */
  secretEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
})

const tokenRule = z.strictObject({
  scheme: z.literal('token'),
  at: placeSchema,
  /** What stands before the token. */
  prefix: z.string().default(''),
  secret,
})

const jwtRule = z.strictObject({
  scheme: z.literal('jwt'),
  header: z.string().default('authorization'),
  prefix: z.string().default('Bearer '),
  algorithm: z.enum(['HS256', 'RS256', 'ES256']),
  /** Public keys for RS256 and ES256 (JSON Web Key Set). */
  jwksUrl: z.string().optional(),
  audience: z.string().optional(),
  issuer: z.string().optional(),
  /** Claim with the SHA-256 of the body in hexadecimal. */
  bodyHashClaim: z.string().optional(),
  secret,
})

const basicRule = z.strictObject({ scheme: z.literal('basic'), secret })

/** What proves that a delivery comes from the provider. */
export const webhookVerifySchema = z.discriminatedUnion('scheme', [
  hmacRule,
  tokenRule,
  jwtRule,
  basicRule,
  /** The provider proves nothing: a secret part of the address is all there is. */
  z.strictObject({ scheme: z.literal('none') }),
])

/** A question that a provider asks before it delivers, and how it wants it answered. */
const challengeSchema = z.strictObject({
  at: placeSchema,
  /** `echo`: the value as text; `json`: the value under `member`; `header`: the value in a header of that name; `hmac`: `member` is its signature. */
  answer: z.enum(['echo', 'json', 'header', 'hmac']),
  member: z.string().optional(),
})

/** How deliveries of a provider are proved, told apart and attributed to connections. */
export const providerWebhookSchema = z.strictObject({
  /** The vendor's page the facts are from. */
  docs: z.string().optional(),
  verify: webhookVerifySchema,
  challenge: challengeSchema.optional(),
  /** The kind of event, which a sync's `webhookSubscriptions` name. */
  event: placeSchema.optional(),
  /** An id that is the same when a delivery is repeated. */
  dedupe: placeSchema.optional(),
  /** What tells the account: the value is compared with the one that `matches` names, such as `connectionConfig.team_id`. */
  route: z
    .strictObject({
      at: placeSchema,
      matches: z.string().regex(/^(connectionConfig|metadata)\.\w+$/),
    })
    .optional(),
})

export type ProviderWebhook = z.infer<typeof providerWebhookSchema>
