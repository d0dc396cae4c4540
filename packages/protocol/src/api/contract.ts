import type { z } from 'zod'
import type { ErrorCode } from '../error.js'

/** What a secret key may be allowed to do; `*` is everything. */
export const apiScopes = [
  'integrations:read',
  'integrations:write',
  'connections:read',
  'connections:write',
  'connections:credentials',
  'connect:write',
  'proxy',
  'actions:run',
  'syncs:read',
  'syncs:write',
  'records:read',
  'records:write',
  'deployments:read',
  'deployments:write',
  'logs:read',
  'keys:write',
  'environments:write',
  '*',
] as const

export type ApiScope = (typeof apiScopes)[number]

/** Where a member of an operation's input travels: `payload` is the whole body, `body` one member of it. */
export type MemberPlace = 'path' | 'query' | 'header' | 'body' | 'payload'

/** One member of an operation's input. `name` is its name on the wire; ours is its key in the contract. */
export type Member<Schema extends z.ZodType = z.ZodType> = {
  readonly place: MemberPlace
  readonly name: string
  readonly schema: Schema
}

export type Members = Readonly<Record<string, Member>>

/**
 * One thing a server can be asked, declared once: its route, the method of the client, the command, the OpenAPI
 * document and the reference page all come from this. Inputs speak our words, outputs are as they are on the wire.
 */
export type Contract<Input extends Members = Members, Output extends z.ZodType = z.ZodType> = {
  /** Group and verb, such as `connections list`: the command, and the method `connections.list` of the client. */
  readonly name: string
  readonly summary: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its path members: `/connections/:connectionId`. */
  readonly path: string
  /** Null where no key is asked for. */
  readonly scope: ApiScope | null
  readonly input: Input
  readonly output: Output
  /** Of a success. Default 200; 204 has no body. */
  readonly status?: number
  /** What callers have to expect, beside wrong input, a wrong key and our own defects. */
  readonly failures: readonly ErrorCode[]
}

/** Ties the types of a contract together. */
export function defineContract<Input extends Members, Output extends z.ZodType>(
  contract: Contract<Input, Output>,
): Contract<Input, Output> {
  return contract
}

/** What a caller of an operation gives. */
export type InputOf<C extends Contract> = GivenOf<C['input'], 'input'>
/** What its handler is handed: parsed, defaults filled in. */
export type ParsedInputOf<C extends Contract> = GivenOf<C['input'], 'output'>
/** What it answers, as on the wire. */
export type OutputOf<C extends Contract> = z.infer<C['output']>

type Side = 'input' | 'output'
type ValueOf<M extends Member, S extends Side> = S extends 'input'
  ? z.input<M['schema']>
  : z.output<M['schema']>
type OptionalKeys<I extends Members, S extends Side> = {
  [K in keyof I]: undefined extends ValueOf<I[K], S> ? K : never
}[keyof I]
type GivenOf<I extends Members, S extends Side> = {
  readonly [K in Exclude<keyof I, OptionalKeys<I, S>>]: ValueOf<I[K], S>
} & { readonly [K in OptionalKeys<I, S>]?: ValueOf<I[K], S> }

type Place = <Schema extends z.ZodType>(name: string, schema: Schema) => Member<Schema>

/** Members of a path, a query, a header or a JSON body, by their name on the wire. */
export const inPath: Place = (name, schema) => ({ place: 'path', name, schema })
export const inQuery: Place = (name, schema) => ({ place: 'query', name, schema })
export const inHeader: Place = (name, schema) => ({ place: 'header', name, schema })
export const inBody: Place = (name, schema) => ({ place: 'body', name, schema })

/** The member that is the whole body. */
export function asPayload<Schema extends z.ZodType>(schema: Schema): Member<Schema> {
  return { place: 'payload', name: '', schema }
}
