import type { Finding, Verdict } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores a verdict and its findings; part of ending an attempt. */
export async function writeVerdict(
  db: Queryable,
  attemptId: string,
  verdict: Verdict,
): Promise<void> {
  const { findings, ...body } = verdict
  await db.query('insert into plumb.verdicts (attempt_id, kind, body) values ($1, $2, $3)', [
    attemptId,
    verdict.kind,
    JSON.stringify(body),
  ])
  await db.query(
    `insert into plumb.findings (attempt_id, position, check_name, behaviour, severity, body)
     select $1, position, check_name, behaviour, severity, body::json
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
       as given (check_name, behaviour, severity, body, position)`,
    [
      attemptId,
      findings.map((finding) => finding.check),
      findings.map((finding) => finding.behaviour),
      findings.map((finding) => finding.severity),
      findings.map((finding) => JSON.stringify(finding)),
    ],
  )
}

type FindingFilter =
  | { readonly attemptId: string }
  | { readonly runId: string }
  | { readonly severity: Finding['severity'] }

function columnOf(filter: FindingFilter): readonly [string, string] {
  if ('attemptId' in filter) return ['a.id', filter.attemptId]
  return 'runId' in filter ? ['a.run_id', filter.runId] : ['f.severity', filter.severity]
}

export type AttemptFinding = Finding & { readonly attemptId: string }

/** The findings of an attempt, of all attempts of a run, or of one severity, in the order of attempts and checks. */
export async function listFindings(
  db: Queryable,
  filter: FindingFilter,
): Promise<readonly AttemptFinding[]> {
  const [column, value] = columnOf(filter)
  const rows = await db.query<{ attemptId: string; finding: Finding }>(
    `select f.attempt_id as "attemptId", f.body as "finding"
     from plumb.findings f join plumb.attempts a on a.id = f.attempt_id
     where ${column} = $1 order by a.started_at, a.interaction_key, a.number, f.position`,
    [value],
  )
  return rows.map(({ attemptId, finding }) => ({ ...finding, attemptId }))
}
