import { createHash } from 'node:crypto'
import type { PreparedBrief } from '@plumb/builder'
import { canonicalJson } from '@plumb/protocol'
import type { Run } from '@plumb/protocol'
import { createRun, findUnfinishedRun, finishRun } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { BuildOptions } from './build-options.js'

export type RunOrder = {
  readonly db: Database
  readonly briefs: readonly PreparedBrief[]
  readonly options: BuildOptions
  /** Absolute. */
  readonly outputPath: string
  readonly newId: (prefix: string) => string
  readonly now: () => string
}

/** Continues the unfinished run of the same briefs, model and output, or opens a new one. */
export async function openRun(order: RunOrder): Promise<Run> {
  const { db, options, outputPath } = order
  const briefs = order.briefs.map(({ brief }) => brief)
  const { model } = options
  const fingerprint = createHash('sha256')
    .update(canonicalJson({ briefs, model, outputPath }))
    .digest('hex')
  const unfinished = await findUnfinishedRun(db, fingerprint)
  if (unfinished !== null && !options.fresh) return unfinished
  if (unfinished !== null) await finishRun(db, unfinished.id, 'failed')
  const run: Run = {
    id: order.newId('run'),
    ...{ fingerprint, model, briefs, outputPath },
    state: 'running',
    startedAt: order.now(),
    finishedAt: null,
  }
  await createRun(db, run)
  return run
}
