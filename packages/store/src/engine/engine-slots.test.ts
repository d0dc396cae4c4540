import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing/index.js'
import { beatSlot, expelSilentSlots, listFreshSlots, slotLock } from './engine-slots.js'

it('ends the session of a holder that is silent, and no other', async () => {
  await using db = await openTestDatabase()
  const ended: string[] = []
  const hold = async (slot: string, until: AbortSignal): Promise<void> => {
    await db
      .tryLock(slotLock(slot), async (session) => {
        await beatSlot(session, slot)
        await sleep(60_000, null, { signal: until }).catch(() => null)
        await session.query('select 1')
      })
      .catch(() => ended.push(slot))
  }
  const stop = new AbortController()
  const holders = [hold('a', stop.signal), hold('b', stop.signal)]
  while ((await listFreshSlots(db, 60_000)).length < 2) await sleep(20)
  expect(await expelSilentSlots(db, { leaseMs: 60_000, own: 'c' })).toEqual([])
  expect((await db.tryLock(slotLock('a'), async () => null)).kind).toBe('held')
  await db.query(
    `update plumb.engine_slots set seen_at = now() - interval '1 hour' where slot = 'a'`,
  )
  expect(await expelSilentSlots(db, { leaseMs: 60_000, own: 'c' })).toEqual(['a'])
  stop.abort()
  await Promise.all(holders)
  expect(ended).toEqual(['a'])
})
