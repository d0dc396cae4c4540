import type { Json, JsonObject } from '@plumb/protocol'

export type InventedAnswer = { readonly status: number; readonly body: Json }

export type InventedRequest = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: JsonObject
}

type Handler = (request: InventedRequest, parts: readonly string[]) => InventedAnswer | 'no-access'

/** An operation as a description tells it. */
export type OperationShape = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly parameters?: readonly JsonObject[]
  readonly body?: JsonObject
  readonly answer: JsonObject
}

export type InventedOperation = OperationShape & { readonly handle: Handler }

/** Puts operations and what they do together. */
export const inventApi = (
  operations: readonly OperationShape[],
  handlers: Readonly<Record<string, Handler>>,
): InventedApi => ({
  operations: operations.map((one) => ({
    ...one,
    handle: handlers[one.id] ?? (() => ({ status: 501, body: null })),
  })),
})

/** A member as text; empty where it is none. */
export const wordIn = (body: JsonObject, name: string): string => {
  const value = body[name]
  return typeof value === 'string' ? value : ''
}

/** An API that exists only in a test: its operations with what they do. */
export type InventedApi = { readonly operations: readonly InventedOperation[] }

export const text: JsonObject = { type: 'string' }
export const moment: JsonObject = { type: 'string', format: 'date-time' }
export const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: [...required],
})
export const inPath = (name: string, schema: JsonObject = text): JsonObject => ({
  name,
  in: 'path',
  required: true,
  description: '',
  schema,
})
export const inQuery = (name: string, required = true): JsonObject => ({
  name,
  in: 'query',
  required,
  description: '',
  schema: text,
})

/** Finds the operation of a request and lets it answer; 404 where there is none. */
export function callApi(
  { operations }: InventedApi,
  request: InventedRequest,
): InventedAnswer | 'no-access' {
  for (const operation of operations) {
    if (operation.method !== request.method) continue
    const pattern = new RegExp(`^${operation.path.replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`)
    const match = pattern.exec(request.path)
    if (match !== null) return operation.handle(request, match.slice(1).map(decodeURIComponent))
  }
  return { status: 404, body: { message: 'No such route' } }
}
