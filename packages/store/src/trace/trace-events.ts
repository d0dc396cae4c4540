import { PlumbError, type TraceEvent, type TraceEventBody } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/**
 * Appends an event to an attempt's trace (`at` in ISO 8601) and numbers it. The attempt's row counts, so that concurrent writers
 * leave no gaps. Throws `attempt-not-found`.
 */
export async function appendTraceEvent(
  db: Queryable,
  attemptId: string,
  ...[at, body]: readonly [at: string, body: TraceEventBody]
): Promise<TraceEvent> {
  const [row] = await db.query<{ sequence: number }>(
    `with counted as (
       update plumb.attempts set trace_length = trace_length + 1 where id = $1 returning trace_length
     )
     insert into plumb.trace_events (attempt_id, sequence, at, kind, body)
     select $1, trace_length, $2, $3, $4 from counted returning sequence`,
    [attemptId, at, body.kind, JSON.stringify(body)],
  )
  if (row !== undefined) return { attemptId, sequence: row.sequence, at, ...body }
  throw new PlumbError({
    code: 'attempt-not-found',
    message: `There is no attempt "${attemptId}" to write a trace for.`,
    remedy: 'Store the attempt before its first event.',
  })
}

/** The events of an attempt in order; with `afterSequence` only those that came later. */
export async function listTraceEvents(
  db: Queryable,
  attemptId: string,
  afterSequence = 0,
): Promise<readonly TraceEvent[]> {
  const rows = await db.query<{ sequence: number; at: string; body: TraceEventBody }>(
    `select sequence, at, body from plumb.trace_events
     where attempt_id = $1 and sequence > $2 order by sequence`,
    [attemptId, afterSequence],
  )
  return rows.map(({ sequence, at, body }) => ({ attemptId, sequence, at, ...body }))
}
