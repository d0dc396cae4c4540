import { z } from 'zod'

const texts = z.record(z.string(), z.unknown())
const field = z.looseObject({
  title: z.string().optional(),
  description: z.string().optional(),
  example: z.union([z.string(), z.number()]).optional(),
  pattern: z.string().optional(),
})

/** One entry of a `providers.yaml`, as far as it is read. Everything else in it is left out. */
export const foreignEntrySchema = z.looseObject({
  display_name: z.string().optional(),
  categories: z.array(z.string()).optional(),
  docs: z.string().optional(),
  /** The entry whose members count where this one has none. */
  alias: z.string().optional(),
  auth_mode: z.string().optional(),
  authorization_url: z.string().optional(),
  token_url: z.unknown().optional(),
  refresh_url: z.string().optional(),
  authorization_params: texts.optional(),
  scope_separator: z.string().optional(),
  default_scopes: z.array(z.string()).optional(),
  disable_pkce: z.boolean().optional(),
  token_request_auth_method: z.string().optional(),
  connection_config: z.record(z.string(), field).optional(),
  /** What a customer types in. */
  credentials: z.record(z.string(), field.extend({ secret: z.boolean().optional() })).optional(),
  request_url: z.string().optional(),
  signature_method: z.string().optional(),
  token_params: texts.optional(),
  refresh_params: texts.optional(),
  /** Members of the way back and of the token answer that belong to the connection. */
  redirect_uri_metadata: z.array(z.string()).optional(),
  token_response_metadata: z.array(z.string()).optional(),
  token_headers: texts.optional(),
  token_request_method: z.string().optional(),
  body_format: z.string().optional(),
  /** Of two-step: where the token and its end stand in the answer. */
  token_response: z
    .looseObject({
      token: z.string(),
      token_expiration: z.string().optional(),
      token_expiration_strategy: z.string().optional(),
    })
    .optional(),
  token_expires_in_ms: z.number().optional(),
  /** Of JWT: what is signed. */
  token: z
    .looseObject({
      signing_key: z.string().optional(),
      expires_in_ms: z.number().optional(),
      headers: texts.optional(),
      payload: texts.optional(),
    })
    .optional(),
  proxy: z
    .looseObject({
      base_url: z.string().optional(),
      headers: texts.optional(),
      query: texts.optional(),
      retry: z.looseObject({}).optional(),
      paginate: z.looseObject({}).optional(),
      verification: z
        .looseObject({
          method: z.string().optional(),
          endpoint: z.string().optional(),
          endpoints: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
})

export type ForeignEntry = z.infer<typeof foreignEntrySchema>

/** What an entry says with its alias filled in; members of `proxy` are filled in one by one. */
export function withAlias(
  entry: ForeignEntry,
  all: ReadonlyMap<string, ForeignEntry>,
  seen: ReadonlySet<string> = new Set(),
): ForeignEntry {
  const { alias } = entry
  const base = alias === undefined || seen.has(alias) ? undefined : all.get(alias)
  if (base === undefined || alias === undefined) return entry
  const whole = withAlias(base, all, new Set([...seen, alias]))
  const proxy = { ...whole.proxy, ...entry.proxy }
  return { ...whole, ...entry, ...(Object.keys(proxy).length > 0 && { proxy }) }
}

/** What no entry of ours has a place for, and what only people read. */
const descriptive = new Set(['docs_connect', 'setup_guide_url'])

/** Names of members that nothing here reads. */
export function unreadMembers(entry: ForeignEntry): string[] {
  return Object.keys(entry).filter(
    (name) => !Object.hasOwn(foreignEntrySchema.shape, name) && !descriptive.has(name),
  )
}
