import { logContracts, PlumbError } from '@plumb/protocol'
import { getOperation, listMessages, listOperations } from '@plumb/store'
import type { StoredOperation } from '@plumb/store'
import { z } from 'zod'
import { handle } from './handler.js'
import type { Handler } from './handler.js'

const time = z.iso.datetime()

export const logHandlers: readonly Handler[] = [
  handle(logContracts.list, async ({ cursor, ...filter }, { plumb, environment }) => {
    const after = cursor === undefined ? undefined : operationCursor(cursor)
    const found = await listOperations(plumb.db, { environment, ...filter, after })
    const last = found.length < filter.limit ? undefined : found.at(-1)
    return {
      operations: found.map(shown),
      next_cursor: last === undefined ? null : encoded([last.startedAt, last.id]),
    }
  }),
  handle(logContracts.get, async ({ id, cursor, ...filter }, { plumb, environment }) => {
    const operation = await getOperation(plumb.db, { environment, id })
    if (operation === null) throw unknown(id)
    const after = cursor === undefined ? undefined : messageCursor(cursor)
    const found = await listMessages(plumb.db, { operationId: id, ...filter, after })
    const last = found.length < filter.limit ? undefined : found.at(-1)
    return {
      operation: shown(operation),
      messages: found.map(({ at, level, text, details }) => ({ at, level, text, details })),
      next_cursor: last === undefined ? null : encoded([String(last.position)]),
    }
  }),
]

function shown(operation: StoredOperation) {
  const { id, kind, name, state, error } = operation
  return {
    ...{ id, kind, name, state, error },
    ...{ provider_config_key: operation.integrationKey, connection_id: operation.connectionId },
    ...{ started_at: operation.startedAt, finished_at: operation.finishedAt },
  }
}

function encoded(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

function decoded(cursor: string, count: number): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === count && parts.every(isText)) return parts
  } catch {
    // Told below, like a cursor that reads but is none of ours.
  }
  throw badCursor(cursor)
}

function isText(part: unknown): part is string {
  return typeof part === 'string'
}

function operationCursor(cursor: string): Pick<StoredOperation, 'startedAt' | 'id'> {
  const [startedAt = '', id = ''] = decoded(cursor, 2)
  if (!time.safeParse(startedAt).success) throw badCursor(cursor)
  return { startedAt, id }
}

function messageCursor(cursor: string): number {
  const position = Number(decoded(cursor, 1)[0])
  if (!Number.isSafeInteger(position)) throw badCursor(cursor)
  return position
}

function badCursor(cursor: string): PlumbError {
  return new PlumbError({
    code: 'input-invalid',
    message: `The cursor "${cursor.slice(0, 100)}" is none that was given out.`,
    remedy: 'Use `next_cursor` of the page before, or none for the first page.',
  })
}

function unknown(id: string): PlumbError {
  return new PlumbError({
    code: 'operation-unknown',
    message: `There is no operation "${id.slice(0, 100)}" in the log of this environment.`,
    remedy: '`plumb logs list` shows what there is.',
  })
}
