import { PlumbError } from '@plumb/protocol'
import type { Contract, Member } from '@plumb/protocol'

/** What `fetch` takes as a body. */
export type FetchBody = NonNullable<RequestInit['body']>

/** A request to the server, before its address and its key are added. */
export type WireCall = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: FetchBody | null
  /** Whether sending it twice does what sending it once does. */
  readonly idempotent: boolean
  readonly signal?: AbortSignal
}

/** Puts the input of a contract where it travels. Throws PlumbError `input-invalid` for a path member that is missing. */
export function wireCallOf(contract: Contract, input: Readonly<Record<string, unknown>>): WireCall {
  const given = Object.entries(contract.input)
    .map(([key, member]) => ({ key, member, value: input[key] }))
    .filter((one) => one.value !== undefined)
  const placed = (place: Member['place']) => given.filter(({ member }) => member.place === place)
  const headers = Object.fromEntries(
    placed('header').map(({ member, value }) => [member.name.toLowerCase(), textOf(value)]),
  )
  const payload = bodyOf(placed('payload'), placed('body'))
  const { method } = contract
  return {
    method,
    path: pathOf(contract, input) + queryOf(placed('query')),
    headers: { ...headers, ...(payload !== undefined && { 'content-type': 'application/json' }) },
    body: payload === undefined ? null : JSON.stringify(payload),
    idempotent: /^(GET|PUT|DELETE)$/.test(method) || 'idempotency-key' in headers,
  }
}

type Placed = readonly { readonly member: Member; readonly value: unknown }[]

function pathOf(contract: Contract, input: Readonly<Record<string, unknown>>): string {
  const byName = new Map(
    Object.entries(contract.input)
      .filter(([, member]) => member.place === 'path')
      .map(([key, member]) => [member.name, key]),
  )
  return contract.path.replace(/:(\w+)/g, (_, name: string) => {
    const key = byName.get(name) ?? name
    const value = input[key]
    if (value === undefined || value === '') throw missing(contract, key)
    return encodeURIComponent(textOf(value))
  })
}

function queryOf(members: Placed): string {
  const search = new URLSearchParams()
  for (const { member, value } of members) {
    // Repeated, so that an item may hold a comma; one item twice would be no other list.
    if (Array.isArray(value)) for (const item of value) search.append(member.name, textOf(item))
    else search.append(member.name, textOf(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

function bodyOf(payload: Placed, members: Placed): unknown {
  const [whole] = payload
  if (whole !== undefined) return whole.value
  if (members.length === 0) return undefined
  return Object.fromEntries(members.map(({ member, value }) => [member.name, value]))
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function missing({ name }: Contract, key: string): PlumbError {
  return new PlumbError({
    code: 'input-invalid',
    message: `"${key}" of ${name} is missing.`,
    remedy: 'Give it: it is part of the address.',
  })
}
