import { readFileSync } from 'node:fs'
import type { LoadedProvider } from '@plumb/providers'
import type { TestAccount } from '../test-account.js'
import { schemaMismatches } from './schema-mismatches.js'
import type { Schema } from './schema-mismatches.js'

type Content = Readonly<Record<string, { readonly schema: Schema }>>
type Described = {
  readonly operationId: string
  readonly parameters: readonly { name: string; in: string; required?: boolean }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** Where the answer is not what the description says. */
  readonly mismatches: readonly string[]
}

type Values = Readonly<Record<string, string | number | boolean>>

/** Calls an account only as its API description says, and compares what it answers. */
export type DescribedAccount = {
  readonly operationIds: readonly string[]
  /** Calls the check endpoint of the provider's entry. */
  readonly check: () => Promise<{ status: number; body: unknown }>
  readonly call: (operationId: string, values?: Values, body?: unknown) => Promise<Answered>
}

function find(document: Document, operationId: string) {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === operationId)
        return { path, method: method.toUpperCase(), operation }
  throw new Error(`No operation "${operationId}" is described.`)
}

function addressOf(path: string, operation: Described, values: Values): string {
  const named = new Map(operation.parameters.map((parameter) => [parameter.name, parameter.in]))
  const unknown = Object.keys(values).filter((name) => !named.has(name))
  if (unknown.length > 0)
    throw new Error(`${operation.operationId} describes no ${unknown.join(', ')}.`)
  const query = Object.entries(values).filter(([name]) => named.get(name) === 'query')
  const search = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, String(value)]),
  )
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values[name])),
  )
  return search.size > 0 ? `${filled}?${String(search)}` : filled
}

function encoded(operation: Described, body: unknown): { type: string; text: string } | null {
  if (body === undefined) return null
  const type = Object.keys(operation.requestBody?.content ?? {})[0] ?? 'application/json'
  const form = type.includes('form')
  return { type, text: form ? String(new URLSearchParams(body as never)) : JSON.stringify(body) }
}

function compare(document: Document, operation: Described, answer: Omit<Answered, 'mismatches'>) {
  const described = operation.responses[answer.status]
  if (!described) return [`status ${answer.status} is not described`]
  const schema = described.content?.['application/json']?.schema
  const { schemas } = document.components
  return schema ? schemaMismatches(schema, answer.body, { schemas, at: 'body' }) : []
}

function authorization(account: TestAccount, { provider }: LoadedProvider): Record<string, string> {
  const { credential } = account
  if (credential.kind === 'oauth2') return { authorization: `Bearer ${credential.accessToken}` }
  if (credential.kind === 'bearer') return { authorization: `Bearer ${credential.token}` }
  const header = provider.auth.mode === 'api-key' ? provider.auth.header : undefined
  return header && credential.kind === 'api-key' ? { [header]: credential.apiKey } : {}
}

/** Opens an account together with its provider's entry and API description. */
export function describedAccount(account: TestAccount, entry: LoadedProvider): DescribedAccount {
  const document = JSON.parse(readFileSync(entry.apiDescription ?? '', 'utf8')) as Document
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const headers = authorization(account, entry)
  return {
    operationIds: operations.map(({ operationId }) => operationId),
    async check() {
      const { method = 'GET', endpoint = '/' } = entry.provider.proxy.check ?? {}
      const response = await fetch(account.baseUrl + endpoint, { method, headers })
      return { status: response.status, body: await response.json() }
    },
    async call(operationId, values = {}, body) {
      const { path, method, operation } = find(document, operationId)
      const sent = encoded(operation, body)
      const response = await fetch(account.baseUrl + addressOf(path, operation, values), {
        method,
        headers: { ...headers, ...(sent ? { 'content-type': sent.type } : {}) },
        ...(sent ? { body: sent.text } : {}),
      })
      const text = await response.text()
      const parsed = (text === '' ? null : JSON.parse(text)) as unknown
      const answer = { status: response.status, headers: response.headers, body: parsed }
      return { ...answer, mismatches: compare(document, operation, answer) }
    },
  }
}
