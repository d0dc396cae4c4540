import { endLostOperations, listOtherSlots, slotLock } from '@plumb/store'
import type { Database } from '@plumb/store'

const error = {
  code: 'operation-lost',
  message: 'The process that did this ended in the middle of it.',
  remedy:
    'What was to survive goes on by itself, in an operation of its own. Look at what was changed before you send anything else again.',
} as const

/** Longer than anything may take: an action that runs later, and a part of a sync. */
const longestMs = { action: 15 * 60_000, sync: 70 * 60_000 }

/** Ends in the log what a process that was killed has left running, when no other server can be doing it. */
export async function endLeftOperations(db: Database): Promise<void> {
  const now = new Date().toISOString()
  if (await anyoneServes(db)) return
  await endLostOperations(db, { before: now, syncsBefore: now, error })
}

/** The same while several servers run: of what nobody can be doing any more. */
export async function endOverdueOperations(db: Database, now: number): Promise<void> {
  const before = new Date(now - longestMs.action).toISOString()
  const syncsBefore = new Date(now - longestMs.sync).toISOString()
  await endLostOperations(db, { before, syncsBefore, error })
}

async function anyoneServes(db: Database): Promise<boolean> {
  for (const slot of await listOtherSlots(db, '')) {
    const { kind } = await db.tryLock(slotLock(slot), async () => undefined)
    if (kind === 'held') return true
  }
  return false
}
