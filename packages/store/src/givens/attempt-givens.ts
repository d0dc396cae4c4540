import { createHash } from 'node:crypto'
import { canonicalJson } from '@plumb/protocol'
import type { AttemptGivens, KnownOperations, SkillVersion } from '@plumb/protocol'
import type { Database, Queryable } from '../database/database.js'

/** Stores what an attempt was given, once. The list of operations is stored once for all attempts that share it. */
export async function saveGivens(db: Database, givens: AttemptGivens): Promise<void> {
  const body = JSON.stringify(givens.known)
  const hash = createHash('sha256').update(canonicalJson(givens.known)).digest('hex')
  await db.transaction(async (tx) => {
    await tx.query(
      'insert into plumb.operation_lists (hash, body) values ($1, $2) on conflict do nothing',
      [hash, body],
    )
    await tx.query(
      'insert into plumb.attempt_givens (attempt_id, draft_hash, operations_hash) values ($1, $2, $3)',
      [givens.attemptId, givens.draftHash, hash],
    )
    for (const { name, version } of givens.skills) {
      await tx.query(
        'insert into plumb.attempt_skills (attempt_id, skill, version) values ($1, $2, $3)',
        [givens.attemptId, name, version],
      )
    }
  })
}

/** What an attempt was given; null where that was not kept. */
export async function getGivens(db: Queryable, attemptId: string): Promise<AttemptGivens | null> {
  const [row] = await db.query<{ draftHash: string; known: KnownOperations }>(
    `select g.draft_hash as "draftHash", l.body as "known"
     from plumb.attempt_givens g join plumb.operation_lists l on l.hash = g.operations_hash
     where g.attempt_id = $1`,
    [attemptId],
  )
  if (row === undefined) return null
  const skills = await db.query<SkillVersion>(
    'select skill as "name", version from plumb.attempt_skills where attempt_id = $1 order by skill',
    [attemptId],
  )
  return { attemptId, ...row, skills }
}

/** An attempt that an agent worked in, with one skill that it had; null where that was not kept. */
export type SkillUse = { readonly attemptId: string; readonly skill: SkillVersion | null }

/** The skills of the newest `limit` attempts in which an agent did something, the newest first; of one model if given. */
export async function listSkillUses(
  db: Queryable,
  filter: { readonly limit: number; readonly model?: string },
): Promise<readonly SkillUse[]> {
  const rows = await db.query<{ attemptId: string; name: string | null; version: string | null }>(
    `select a.id as "attemptId", s.skill as "name", s.version
     from (
       select id, started_at from plumb.attempts
       where trace_length > 0 and finished_at is not null and ($2::text is null or model = $2)
       order by started_at desc, id desc limit $1
     ) a left join plumb.attempt_skills s on s.attempt_id = a.id
     order by a.started_at desc, a.id desc, s.skill`,
    [filter.limit, filter.model ?? null],
  )
  return rows.map(({ attemptId, name, version }) => ({
    attemptId,
    skill: name === null || version === null ? null : { name, version },
  }))
}
