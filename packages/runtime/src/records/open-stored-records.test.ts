import { setRecordPayloads } from '@plumb/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMasterKey, removeRetiredKeys } from '../keys/key-ring.js'
import { openKeys } from '../keys/open-keys.js'
import { rewrapSecrets } from '../keys/rotate-keys.js'
import type { StoredRecord } from './stored-record.js'
import { openStoredRecords } from './open-stored-records.js'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
beforeAll(async () => {
  tests = await openRecordTests()
})
afterAll(() => tests?.close())

describe('a record', () => {
  it('keeps when it was first seen, and tells what happened to it last', async () => {
    let now = 1_700_000_000_000
    const records = tests.open('times', { now: () => now })
    await records.save('A', some(2))
    now += 1000
    await records.save('A', [{ id: '0', value: 'y' }])
    await records.delete('A', [{ id: '1' }, { id: 'unknown' }])
    now -= 60_000
    await records.save('A', some(1, 5))
    const shown = (await tests.read('times')).map((r) => [
      ...[r.payload.id, r.lastAction, Date.parse(r.firstSeenAt) - 1_700_000_000_000],
      ...[Date.parse(r.lastModifiedAt) - 1_700_000_000_000, r.deletedAt !== null],
    ])
    expect(shown).toEqual([
      ['0', 'UPDATED', 0, 1000, false],
      ['1', 'DELETED', 0, 1000, true],
      ['5', 'ADDED', 1000, 1000, false],
    ])
  })

  it('keeps its payload when it is deleted, and is added again when it comes back', async () => {
    const records = tests.open('back')
    await records.save('A', [{ id: '1', name: 'kept' }])
    await records.delete('A', [{ id: '1' }])
    expect(await tests.read('back')).toMatchObject([
      { lastAction: 'DELETED', payload: { id: '1', name: 'kept' } },
    ])
    expect(await records.get('A', ['1'])).toEqual([])
    await records.save('A', [{ id: '1', name: 'kept' }])
    expect(await tests.read('back')).toMatchObject([{ lastAction: 'ADDED', deletedAt: null }])
    expect(records.counts()).toEqual({ A: { added: 2, updated: 0, deleted: 1 } })
  })

  it.each(['encrypted', 'plain'] as const)(
    'comes back as it was given, with %s payload',
    async (payloads) => {
      await setRecordPayloads(tests.db, 'dev', payloads)
      const odd: StoredRecord[] = [
        { id: 'nul\0\u0001\u00010', text: 'a\0b', 'k\0': '\\u0000 \\\\0 \u00010 \u0001', n: 1e300 },
        { id: '"\\,{}', half: '\ud800 \udc00x', pair: '😀', deep: [{ b: null, a: [true, -0.5] }] },
        JSON.parse(
          '{"id":"proto","__proto__":{"a":1},"constructor":"x","10":1,"9":2}',
        ) as StoredRecord,
      ]
      const records = tests.open(`odd ${payloads}`)
      await records.save('A', odd)
      expect(await records.save('A', odd)).toMatchObject({ range: null })
      const ids = odd.map(({ id }) => id)
      expect(await records.get('A', ids)).toHaveLength(3)
      for (const [n, id] of ids.entries()) expect(await records.get('A', [id])).toEqual([odd[n]])
      expect((await tests.read(`odd ${payloads}`)).map(({ payload }) => payload)).toEqual(odd)
      await setRecordPayloads(tests.db, 'dev', 'encrypted')
    },
  )

  it('can be queried with SQL once the owner opts out of encryption, without counting as changed', async () => {
    const records = tests.open('sql')
    await records.save('A', [{ id: '1', city: 'Berlin' }])
    const sql = `select payload ->> 'city' as city, last_action from plumb.synced_records
      where connection_id = 'sql' and model = 'A'`
    expect(await tests.db.query(sql)).toEqual([{ city: null, last_action: 'ADDED' }])
    const [hidden] = await tests.db.query<{ text: string }>(
      `select coalesce(encode(sealed, 'escape'), payload::text) as text from plumb.records r
       join plumb.record_streams s on s.id = r.stream_id where connection_id = 'sql'`,
    )
    expect(hidden?.text).not.toContain('Berlin')
    const [before] = await tests.read('sql')
    await setRecordPayloads(tests.db, 'dev', 'plain')
    const again = tests.open('sql')
    await again.save('A', [{ id: '1', city: 'Berlin' }])
    await setRecordPayloads(tests.db, 'dev', 'encrypted')
    expect(await tests.db.query(sql)).toEqual([{ city: 'Berlin', last_action: 'ADDED' }])
    expect(await tests.read('sql')).toEqual([before])
    expect(again.counts()).toEqual({ A: { added: 0, updated: 0, deleted: 0 } })
  })

  it('with an id twice in a batch has the last value', async () => {
    const records = tests.open('twice')
    await records.save('A', [...some(1), { id: '0', value: 'last' }])
    expect(await records.get('A', ['0'])).toEqual([{ id: '0', value: 'last' }])
  })

  it('merges updates deeply, one after the other, and stores no unknown one', async () => {
    const records = tests.open('merge')
    await records.save('A', [{ id: '1', o: { x: 1, y: { z: 1 } }, l: [1] }])
    const changed = await records.update('A', [
      { id: '1', o: { y: { w: 2 } } },
      { id: '1', l: [3] },
      { id: '2', a: 1 },
    ])
    const merged = { id: '1', o: { x: 1, y: { z: 1, w: 2 } }, l: [3] }
    expect(changed.records.map(({ id }) => id)).toEqual(['1', '1', '2'])
    expect(await records.get('A', ['1', '2'])).toEqual([merged])
  })

  it.each(['', 'x'.repeat(2001), '\0'.repeat(1001)])('of a bad id is refused', async (id) => {
    await expect(tests.open('ids').save('A', [{ id }])).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringMatching(/The id of a record has \d+ bytes/),
    })
  })
})

describe('an execution', () => {
  it('walks records page by page, undisturbed by what it saves meanwhile', async () => {
    const records = tests.open('walk')
    await records.save('A', some(25, 10))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await records.list('A', { cursor, limit: 10 })
      seen.push(...page.records.map(({ id }) => id))
      await records.save(
        'A',
        page.records.map(({ id }) => ({ id, value: 'new' })),
      )
      cursor = page.next_cursor
    } while (cursor !== null && seen.length < 100)
    expect(seen).toEqual(some(25, 10).map(({ id }) => id))
  })

  it('leaves alone what others have changed since, and not what it has changed itself', async () => {
    const [mine, webhook] = [tests.open('spare'), tests.open('spare')]
    await mine.save('A', some(3))
    const own: { first: number; last: number }[] = []
    const spare = { after: await mine.lastChange(), own }
    const first = await mine.save('A', [{ id: '0', value: 'mine' }], spare)
    if (first.range !== null) own.push(first.range)
    await webhook.save('A', [{ id: '1', value: 'webhook' }])
    await mine.save('A', some(3, 0, 'second'), spare)
    await mine.delete('A', [{ id: '1' }, { id: '2' }], { ...spare, own: [{ first: 0, last: 1e9 }] })
    await mine.save('A', [{ id: '1', value: 'webhook' }])
    expect(await mine.get('A', ['0', '1', '2'])).toEqual([
      { id: '0', value: 'second' },
      { id: '1', value: 'webhook' },
    ])
  })

  it('that was taken over changes nothing any more', async () => {
    const guard = () => Promise.reject(new Error('taken over'))
    await tests.open('fence').save('A', some(1))
    const records = tests.open('fence', { guard })
    await expect(records.save('A', some(2))).rejects.toThrow('taken over')
    await expect(records.delete('A', some(1))).rejects.toThrow('taken over')
    expect(await tests.read('fence')).toHaveLength(1)
  })

  it('sees nothing of other connections, models, variants and environments', async () => {
    await tests.open('apart').save('A', some(1))
    for (const other of [
      tests.open('apart 2'),
      tests.open('apart', { variant: 'other' }),
      tests.open('apart', { environment: 'prod' }),
      tests.open('apart', { integrationKey: 'crm 2' }),
    ]) {
      expect(await other.get('A', ['0'])).toEqual([])
    }
    expect(await tests.open('apart').get('B', ['0'])).toEqual([])
  })

  it('reads what was stored under a master key that was rotated since', async () => {
    const stored = { id: '1', value: 'kept' }
    await tests.open('rotated').save('A', [stored])
    await addMasterKey(tests.keysDirectory)
    const keys = await openKeys(tests.keysDirectory)
    await rewrapSecrets({ db: tests.db, keys })
    await removeRetiredKeys(tests.keysDirectory)
    const parts = { db: tests.db, keys: await openKeys(tests.keysDirectory) }
    const owner = { environment: 'dev', integrationKey: 'crm', connectionId: 'rotated' }
    const records = openStoredRecords(parts, { ...owner, variant: 'base' })
    expect(await records.get('A', ['1'])).toEqual([stored])
    expect(await records.save('A', [stored])).toMatchObject({ range: null })
  })
})
