import type { DBOS } from '@dbos-inc/dbos-sdk'
import { expelSilentSlots, forgetSlot, listOtherSlots, slotLock } from '@plumb/store'
import type { Database } from '@plumb/store'

/** Where work waits that had no queue; unlike the library's own queue it never claims its whole backlog. */
export const adoptedQueue = 'plumb adopted'

type Adoption = {
  readonly db: Database
  readonly dbos: typeof DBOS
  /** The slot of this process. */
  readonly own: string
  /** Silence of a holder after which its session is ended, in milliseconds. */
  readonly expelMs: number
}

/** Puts the work of slots that nobody holds any more back where every process can take it. Returns how much it was. */
export async function adoptWork(adoption: Adoption): Promise<number> {
  const { db, own, expelMs } = adoption
  await expelSilentSlots(db, { own, leaseMs: expelMs })
  let adopted = 0
  for (const slot of await listOtherSlots(db, own)) {
    const outcome = await db.tryLock(slotLock(slot), async (session) => {
      const count = await resumeWork(adoption.dbos, slot)
      await forgetSlot(session, slot)
      return count
    })
    if (outcome.kind === 'done') adopted += outcome.value
  }
  return adopted
}

/** What a slot was executing, as far as it is `left`, waits to be executed again, in its queue. Returns how much it was. */
export async function resumeWork(
  dbos: typeof DBOS,
  slot: string,
  isLeft: (id: string) => boolean = () => true,
): Promise<number> {
  const begun = await dbos.listWorkflows({
    executorId: slot,
    status: 'PENDING',
    loadInput: false,
    loadOutput: false,
  })
  const left = begun.filter(({ workflowID }) => isLeft(workflowID))
  for (const queueName of new Set(left.map((one) => one.queueName))) {
    const ids = left.filter((one) => one.queueName === queueName).map((one) => one.workflowID)
    await dbos.resumeWorkflows(ids, { queueName: isOurs(queueName) ? queueName : adoptedQueue })
  }
  return left.length
}

function isOurs(queueName: string | undefined): queueName is string {
  return queueName !== undefined && !queueName.startsWith('_')
}
