import type { Json } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'
import { searchableWords, wordQuery } from './searchable-words.js'

/** One thing that was told while an operation ran. */
export type StoredMessage = {
  readonly position: number
  readonly operationId: string
  readonly at: string
  readonly level: string
  readonly text: string
  readonly details: Json
}

export type NewMessage = Omit<StoredMessage, 'position'> & { readonly environment: string }

const mostWords = 400

/** Stores messages in their order; one statement for all of them. */
export async function saveMessages(db: Queryable, messages: readonly NewMessage[]): Promise<void> {
  const column = (read: (message: NewMessage) => string | null) => messages.map(read)
  const details = column((m) => (m.details === null ? null : JSON.stringify(m.details)))
  const texts = column((m) => storable(m.text))
  await db.query(
    `insert into plumb.messages (operation_id, environment, at, level, text, details, search)
     select operation_id, environment, at, level, text, details, array_to_tsvector(string_to_array(words, ' '))
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::json[], $7::text[])
       with ordinality as m (operation_id, environment, at, level, text, details, words, place)
     order by place`,
    [
      column((m) => m.operationId),
      column((m) => m.environment),
      column((m) => m.at),
      column((m) => m.level),
      texts,
      details,
      texts.map((text, at) =>
        searchableWords(`${text ?? ''} ${details[at] ?? ''}`, mostWords).join(' '),
      ),
    ],
  )
}

/** PostgreSQL's text has no NUL. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd')
}

export type MessageFilter = {
  readonly operationId: string
  readonly levels?: readonly string[] | undefined
  /** Words that a message has all of. */
  readonly text?: string | undefined
  /** Position of the last message of the page before. */
  readonly after?: number | undefined
  readonly limit: number
}

/** The messages of an operation in the order in which they were told. */
export async function listMessages(
  db: Queryable,
  filter: MessageFilter,
): Promise<readonly StoredMessage[]> {
  const { operationId, levels, text, after, limit } = filter
  return db.query<StoredMessage>(
    `select position, operation_id as "operationId", at, level, text, details from plumb.messages
     where operation_id = $1 and ($2::text[] is null or level = any ($2))
       and ($3::text is null or search @@ $3::tsquery) and position > $4
     order by position limit $5`,
    [
      operationId,
      levels ?? null,
      text === undefined ? null : wordQuery(text),
      ...[after ?? 0, limit],
    ],
  )
}
