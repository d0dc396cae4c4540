import { PlumbError, type Run } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

const columns = `id, fingerprint, model, briefs, state, output_path as "outputPath",
  started_at as "startedAt", finished_at as "finishedAt"`

/** Stores a run that has just begun. */
export async function createRun(db: Queryable, run: Run): Promise<void> {
  await db.query(
    `insert into plumb.runs (id, fingerprint, model, briefs, state, output_path, started_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      run.id,
      run.fingerprint,
      run.model,
      JSON.stringify(run.briefs),
      run.state,
      run.outputPath,
      run.startedAt,
      run.finishedAt,
    ],
  )
}

/** The newest run of that fingerprint that is still marked as running, as after a SIGKILL; null when there is none. */
export async function findUnfinishedRun(db: Queryable, fingerprint: string): Promise<Run | null> {
  const [run] = await db.query<Run>(
    `select ${columns} from plumb.runs where fingerprint = $1 and state = 'running'
     order by started_at desc, id desc limit 1`,
    [fingerprint],
  )
  return run ?? null
}

/** Throws `run-not-found`. */
export async function getRun(db: Queryable, id: string): Promise<Run> {
  const [run] = await db.query<Run>(`select ${columns} from plumb.runs where id = $1`, [id])
  if (run === undefined) throw runNotFound(id)
  return run
}

/** All runs, the newest first. */
export async function listRuns(db: Queryable): Promise<readonly Run[]> {
  return db.query<Run>(`select ${columns} from plumb.runs order by started_at desc, id desc`)
}

/** Marks a run as over at `finishedAt` (ISO 8601; now when left out). Throws `run-not-found`. */
export async function finishRun(
  db: Queryable,
  id: string,
  end: Exclude<Run['state'], 'running'> | FinishedRun,
): Promise<void> {
  const { state, finishedAt }: FinishedRun = typeof end === 'string' ? { state: end } : end
  const rows = await db.query(
    `update plumb.runs set state = $2, finished_at = coalesce($3, now()) where id = $1 returning id`,
    [id, state, finishedAt ?? null],
  )
  if (rows.length === 0) throw runNotFound(id)
}

/** Marks a finished run as running again, so that the command that made it goes on. Others stay as they are. */
export async function reopenRun(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update plumb.runs set state = 'running', finished_at = null where id = $1 and state = 'finished'`,
    [id],
  )
}

export type FinishedRun = {
  readonly state: Exclude<Run['state'], 'running'>
  readonly finishedAt?: string
}

function runNotFound(id: string): PlumbError {
  return new PlumbError({
    code: 'run-not-found',
    message: `There is no run "${id}" in this database.`,
    remedy: 'List the runs with "plumb runs" and use one of their ids.',
  })
}
