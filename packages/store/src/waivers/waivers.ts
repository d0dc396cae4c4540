import type { Waiver } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores a waiver. False when the finding has one already, which stays as it is. */
export async function saveWaiver(db: Queryable, waiver: Waiver): Promise<boolean> {
  const rows = await db.query(
    `insert into plumb.waivers (finding_id, attempt_id, behaviour, reason, decided_by, at, body)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (finding_id) do nothing returning finding_id`,
    [
      waiver.findingId,
      waiver.attemptId,
      waiver.behaviour,
      waiver.reason,
      waiver.by,
      waiver.at,
      JSON.stringify(waiver),
    ],
  )
  return rows.length > 0
}

/** The waivers of an attempt, or of all attempts of a run, in the order of the decisions. */
export async function listWaivers(
  db: Queryable,
  filter: { readonly attemptId: string } | { readonly runId: string },
): Promise<readonly Waiver[]> {
  const [column, value] =
    'attemptId' in filter ? ['a.id', filter.attemptId] : ['a.run_id', filter.runId]
  const rows = await db.query<{ body: Waiver }>(
    `select w.body from plumb.waivers w join plumb.attempts a on a.id = w.attempt_id
     where ${column} = $1 order by w.at, w.finding_id`,
    [value],
  )
  return rows.map(({ body }) => body)
}
