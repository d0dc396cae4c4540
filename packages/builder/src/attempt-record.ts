import type { Verdict } from '@plumb/protocol'
import { finishAttempt, listAttempts, startAttempt } from '@plumb/store'
import type { BuildItem, BuildTools } from './build-tools.js'

const interrupted: Verdict = {
  kind: 'exhausted',
  budget: 'harness',
  detail: 'The process that ran this attempt was ended; a new attempt took its place.',
  findings: [],
}

/**
 * How many attempts of the interaction were rejected so far in this run. Attempts that a killed process left open
 * are closed first; they do not count.
 */
export async function rejectedAttempts(tools: BuildTools, item: BuildItem): Promise<number> {
  const attempts = await attemptsOf(tools, item)
  for (const { id, verdict } of attempts) {
    if (verdict !== null) continue
    await finishAttempt(tools.db, {
      id,
      verdict: interrupted,
      artefacts: [],
      finishedAt: tools.now(),
    })
  }
  return attempts.filter(({ verdict }) => verdict?.kind === 'rejected').length
}

/** Opens the record of a new attempt and returns its id. */
export async function beginAttempt(tools: BuildTools, item: BuildItem): Promise<string> {
  const number = (await attemptsOf(tools, item)).length + 1
  const id = tools.newId('att')
  const { runId, key } = item
  const startedAt = tools.now()
  await startAttempt(tools.db, {
    id,
    runId,
    interactionKey: key,
    number,
    model: tools.model,
    startedAt,
  })
  tools.onProgress({ kind: 'attempt-started', key, number, attemptId: id })
  return id
}

/** A verdict and the attempt that it is about. */
export type Decision = { readonly verdict: Verdict; readonly attemptId: string }

/** Closes the record of an attempt with its verdict. */
export async function endAttempt(tools: BuildTools, decision: Decision): Promise<Decision> {
  const { attemptId: id, verdict } = decision
  await finishAttempt(tools.db, { id, verdict, artefacts: [], finishedAt: tools.now() })
  return decision
}

function attemptsOf({ db }: BuildTools, { runId, key }: BuildItem) {
  return listAttempts(db, { runId, interactionKey: key })
}
