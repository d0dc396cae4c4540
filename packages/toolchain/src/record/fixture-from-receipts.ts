import type {
  Body,
  Connection,
  Execution,
  Fixture,
  FixtureEntry,
  Provider,
  Receipt,
  RecordChanges,
} from '@plumb/protocol'

export type FixtureInput = {
  readonly execution: Execution
  /** In the order of the calls; those of other executions are left out. */
  readonly receipts: readonly Receipt[]
  /** Where the connection's calls went; endpoints are written relative to it. */
  readonly baseUrl: string
  /** What `getConnection` told the function; no secret is in it. */
  readonly connection: Connection
  /** What its entry adds to every request is left out; its pagination is kept, for a replay without the entry. */
  readonly provider?: Provider
}

/** Added by every client or the gateway; the others tell one request from another. */
const droppedRequestHeaders =
  /^(authorization|user-agent|host|content-length|connection|cookie|transfer-encoding|accept.*|retry-.*)$/
const keptResponseHeaders =
  /^(content-type|link|etag|retry-after|location|x-(total|next|page|per-page|ratelimit-(reset|remaining)).*)$/

/** Writes a replayable recording of one execution; bodies stay as they were received. */
export function fixtureFromReceipts(input: FixtureInput): Fixture {
  const { execution, provider } = input
  const { headers = {}, paginate } = provider?.proxy ?? {}
  const own = input.receipts.filter(({ executionId }) => executionId === execution.id)
  const { outcome, records } = execution
  return {
    ...(execution.input !== null && execution.input !== undefined && { input: execution.input }),
    ...(outcome.kind === 'returned' && outcome.output !== undefined && { output: outcome.output }),
    nango: {
      recorded: {
        now: execution.startedAt,
        seed: execution.id,
        baseUrl: input.baseUrl,
        ...(paginate && { pagination: paginate }),
      },
      getConnection: connectionOf(input.connection),
      getMetadata: execution.metadata,
      ...(execution.startCheckpoint && { getCheckpoint: execution.startCheckpoint }),
      ...recordsOf('batchSave', records, 'saved'),
      ...recordsOf('batchUpdate', records, 'updated'),
      ...recordsOf('batchDelete', records, 'deleted'),
    },
    api: apiOf(own, input.baseUrl, headers),
  }
}

function connectionOf(connection: Connection): Record<string, unknown> {
  return {
    connection_id: connection.connectionId,
    provider_config_key: connection.integrationKey,
    provider: connection.provider,
    connection_config: connection.connectionConfig,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
  }
}

/** The changes of one kind by model, under the name that a fixture has for them; nothing where there are none. */
export function recordsOf(
  name: string,
  records: Execution['records'],
  member: keyof RecordChanges,
): Record<string, Record<string, readonly unknown[]>> {
  const models = Object.entries(records)
    .map(([model, changes]) => [model, changes[member]] as const)
    .filter(([, changes]) => changes.length > 0)
  return models.length === 0 ? {} : { [name]: Object.fromEntries(models) }
}

type Headers = Readonly<Record<string, string>>

function apiOf(
  receipts: readonly Receipt[],
  baseUrl: string,
  added: Headers,
): NonNullable<Fixture['api']> {
  const api: Record<string, Record<string, FixtureEntry[]>> = {}
  for (const receipt of receipts) {
    const entry = entryOf(receipt, added)
    if (!entry || receipt.purpose === 'probe' || receipt.purpose === 'refresh') continue
    const method = receipt.request.method.toLowerCase()
    const byEndpoint = (api[method] ??= {})
    ;(byEndpoint[endpointOf(receipt.request.url, baseUrl)] ??= []).push(entry)
  }
  return api
}

/** The path below the base URL with a leading slash; the whole address, without query, on another host. */
export function endpointOf(url: string, baseUrl: string): string {
  const { origin, pathname } = new URL(url)
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  if (origin !== base.origin) return `${origin}${pathname}`
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : `${origin}${pathname}`
}

function entryOf(receipt: Receipt, added: Headers): FixtureEntry | null {
  const { request, response } = receipt
  if (!response) return null
  const params = queryOf(request.url)
  const headers = requestHeaders(request.headers, added)
  return {
    response: readBody(response.body),
    status: response.status,
    headers: keep(response.headers, keptResponseHeaders),
    request: {
      ...(Object.keys(params).length > 0 && { params }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(request.body && request.body.bytes > 0 && { data: readBody(request.body) }),
    },
    receipt: receipt.id,
  }
}

function requestHeaders(headers: Headers, added: Headers): Record<string, string> {
  const constant = new Set(
    Object.entries(added).map(([name, value]) => `${name.toLowerCase()}: ${value}`),
  )
  const kept = Object.entries(headers).filter(
    ([name, value]) =>
      !droppedRequestHeaders.test(name) &&
      !value.includes('[secret]') &&
      !constant.has(`${name}: ${value}`),
  )
  return Object.fromEntries(kept)
}

function keep(headers: Headers, kept: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.test(name)))
}

function queryOf(url: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of new URL(url).searchParams) {
    if (value === '[secret]') continue
    values[name] = name in values ? `${values[name]},${value}` : value
  }
  return values
}

function readBody(body: Body): unknown {
  if (body.encoding === 'base64') return { $base64: body.text }
  try {
    return JSON.parse(body.text)
  } catch {
    return body.text
  }
}
