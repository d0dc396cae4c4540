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
    placed('header').map(({ key, member, value }) => [
      member.name.toLowerCase(),
      headerText(textOf(value), key),
    ]),
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
    for (const text of listed(value)) search.append(member.name, text)
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** A list is repeated, so that an item may hold a comma: one alone twice, which is no other list. An empty one is empty. */
function listed(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [textOf(value)]
  const texts = value.map(textOf)
  if (texts.length === 0) return ['']
  return texts.length === 1 && texts[0]?.includes(',') ? [...texts, ...texts] : texts
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

/** What `fetch` refuses would read as a server that does not answer. */
function headerText(text: string, key: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text
  throw new PlumbError({
    code: 'input-invalid',
    message: `"${key}" is ${JSON.stringify(text.slice(0, 100))}, which travels in a header and has characters that none may have.`,
    remedy: 'Use letters, digits and signs of Latin-1.',
  })
}

function missing({ name }: Contract, key: string): PlumbError {
  return new PlumbError({
    code: 'input-invalid',
    message: `"${key}" of ${name} is missing.`,
    remedy: 'Give it: it is part of the address.',
  })
}
