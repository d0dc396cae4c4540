import { createHash } from 'node:crypto'
import { writable } from './action-source.js'
import type { ActionVerb } from './action-source.js'
import { camelCase, inventRow, mappedRow, pascalCase } from './entity.js'
import type { Entity, Row } from './entity.js'
import type { SeededRandom } from './seeded-random.js'

type Exchange = {
  readonly method: string
  readonly path: string
  readonly params?: Readonly<Record<string, string>>
  readonly data?: unknown
  readonly status?: number
  readonly response: unknown
}

/** The recording an action answers from. Lists hold up to some 40 KB. */
export function actionFixture(verb: ActionVerb, entity: Entity, random: SeededRandom): object {
  const row = inventRow(entity, random.between(1, 500))
  const output = mappedRow(entity, row)
  const path = `/v1/${entity.plural}`
  const one = `${path}/${String(row['id'])}`
  const body = Object.fromEntries(writable(entity).map((name) => [name, row[name]]))
  const input = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [camelCase(name), value]),
  )
  if (verb === 'list') return listFixture(entity, random)
  const id = row['id']
  const fixtures: Readonly<Record<Exclude<ActionVerb, 'list'>, () => object>> = {
    get: () => ({
      input: { id },
      output,
      api: recorded([{ method: 'get', path: one, response: row }]),
    }),
    create: () => ({
      input,
      output,
      api: recorded([{ method: 'post', path, data: body, status: 201, response: row }]),
    }),
    update: () => ({
      input: { id, ...input },
      output,
      api: recorded([{ method: 'patch', path: one, data: body, response: row }]),
    }),
    delete: () => ({
      input: { id },
      output: { success: true },
      api: recorded([{ method: 'delete', path: one, status: 204, response: '' }]),
    }),
  }
  return fixtures[verb]()
}

function listFixture(entity: Entity, random: SeededRandom): object {
  const rows = inventRows(entity, random.between(3, 50))
  const next = random.hex(12)
  return {
    input: { limit: 50 },
    output: { items: rows.map((row) => mappedRow(entity, row)), nextCursor: next },
    api: recorded([
      {
        method: 'get',
        path: `/v1/${entity.plural}`,
        params: { limit: '50' },
        response: { data: rows, next },
      },
    ]),
  }
}

/** The recording of a sync: some pages of 20 rows. */
export function syncFixture(entity: Entity, random: SeededRandom): object {
  const path = `/v1/${entity.plural}`
  const rows = inventRows(entity, random.between(5, 45))
  const exchanges: Exchange[] = []
  for (let at = 0; at < rows.length; at += 20) {
    exchanges.push({
      method: 'get',
      path,
      params: { ...(at > 0 && { cursor: `c${at}` }), limit: '20', sort: 'id' },
      response: {
        data: rows.slice(at, at + 20),
        next: at + 20 < rows.length ? `c${at + 20}` : null,
      },
    })
  }
  const model = pascalCase(entity.name)
  return {
    nango: {
      batchSave: { [model]: rows.map((row) => mappedRow(entity, row)) },
      batchDelete: { [model]: [] },
    },
    api: recorded(exchanges),
  }
}

function inventRows(entity: Entity, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => inventRow(entity, index + 1))
}

function recorded(exchanges: readonly Exchange[]): object {
  const [first] = exchanges
  if (first === undefined) return {}
  const entries = exchanges.map(entryOf)
  return { [first.method]: { [first.path]: entries.length === 1 ? entries[0] : entries } }
}

function entryOf({ method, path, params, data, status = 200, response }: Exchange): object {
  const identity = {
    method,
    endpoint: path.slice(1),
    params: Object.entries(params ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    headers: [],
    ...(data !== undefined && { data: JSON.stringify(data) }),
  }
  return {
    response,
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': 'recorded' },
    hash: createHash('sha1').update(JSON.stringify(identity)).digest('hex'),
    request: { ...(params && { params }), ...(data !== undefined && { data }) },
  }
}
