import { setTimeout as sleep } from 'node:timers/promises'
import { finishActionCall, isAwayCode, isDatabaseUnavailable } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { ActionOutcome } from './actions.js'

const awayMs = 200
/** The database is waited for as long as a restart of it may take: what was done must not look as if it had failed. */
const mostTries = 150

/**
 * Keeps the answer of a claimed call, once the database is there. False when another process has taken the call over.
 * Throws PlumbErrors `database-unavailable`, `disk-full`.
 */
export async function keepAnswer(
  db: Database,
  call: Parameters<typeof finishActionCall>[1],
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await finishActionCall(db, call)
    } catch (error) {
      // A full disk is nothing to wait for with a caller.
      if (!isDatabaseUnavailable(error) || tries === mostTries) throw error
      await sleep(awayMs)
    }
  }
}

/** Whether an action ended because the database was away, which says nothing about the action. */
export function failedForDatabase(outcome: ActionOutcome): boolean {
  return outcome.kind === 'failed' && isAwayCode(outcome.code)
}
