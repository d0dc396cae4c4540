import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { base, events, openCalendarBench } from './calendar-bench.js'
import type { CalendarBench, Events } from './calendar-bench.js'
import { describeCalendar } from './describe-calendar.js'

const hour = 3_600_000

const at = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } })
const morning = at('2026-03-05T09:00:00Z', '2026-03-05T10:00:00Z')

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench.close())

describe('a list of events', () => {
  it('has an empty page in the middle and a sync token only at the end', async () => {
    const { sizes, last } = await bench.readPages('maxResults=250')
    expect(sizes).toEqual([5, 0, 3])
    expect(last.nextSyncToken).toBeTruthy()
  })

  it('shows deleted events to those who ask', async () => {
    const { sizes } = await bench.readPages('showDeleted=true&maxResults=4')
    expect(sizes).toEqual([4, 4, 4, 1])
  })

  it('since a sync token holds what changed, deleted events included', async () => {
    const { last } = await bench.readPages('maxResults=250')
    const { body: made } = await bench.insert({ summary: 'New', ...morning })
    const { body: old } = await bench.call<Events>(`${events}?maxResults=1`)
    await bench.call(`${events}/${old.items[0]?.id}`, { method: 'DELETE' })
    const changes = await bench.readPages(`syncToken=${last.nextSyncToken}`)
    const found = changes.last.items.map(({ id, status }) => [id, status])
    expect(found).toEqual([
      [old.items[0]?.id, 'cancelled'],
      [made.id, 'confirmed'],
    ])
    const none = await bench.readPages(`syncToken=${changes.last.nextSyncToken}`)
    expect(none.last.items).toEqual([])
  })

  it('refuses old, expired and made-up sync tokens with 410', async () => {
    const { last } = await bench.readPages('')
    const withToken = `${events}?syncToken=${last.nextSyncToken}`
    expect(await bench.reasonOf(`${events}?syncToken=invented`)).toEqual([410, 'fullSyncRequired'])
    bench.controls.expireSyncTokens?.()
    expect(await bench.reasonOf(withToken)).toEqual([410, 'fullSyncRequired'])
  })

  it('refuses a sync token together with filters, and page tokens of other queries', async () => {
    const { last } = await bench.readPages('')
    const clash = `${events}?syncToken=${last.nextSyncToken}&q=x`
    expect(await bench.reasonOf(clash)).toEqual([400, 'badRequest'])
    const { body } = await bench.call<Events>(`${events}?showDeleted=true`)
    expect(await bench.reasonOf(`${events}?pageToken=${body.nextPageToken}`)).toEqual([
      400,
      'invalid',
    ])
  })

  it('since a time holds what changed then, unless that is long ago', async () => {
    bench.wait(hour / 2)
    const since = '2026-03-01T08:30:00Z'
    await bench.insert({ summary: 'Later', ...morning })
    const { sizes, last } = await bench.readPages(`updatedMin=${since}`)
    expect(sizes).toEqual([0, 0, 1])
    expect(last.items[0]?.summary).toBe('Later')
    const long = await bench.reasonOf(`${events}?updatedMin=2020-01-01T00:00:00Z`)
    expect(long).toEqual([410, 'updatedMinTooLongAgo'])
  })

  it('is restricted by time, text and order', async () => {
    const window = 'timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-04T00:00:00Z'
    const { last } = await bench.readPages(`${window}&singleEvents=true&orderBy=startTime&q=ada`)
    expect(last.nextSyncToken).toBeUndefined()
    const { body } = await bench.call<Events>(`${events}?${window}`)
    expect(body.items.map(({ summary }) => summary)).toEqual(['Weekly planning', 'Call with Ada'])
  })

  it.each([
    ['timeMin=yesterday', 'badRequest'],
    ['timeMin=2026-03-01T00:00:00', 'badRequest'],
    ['timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-01T00:00:00Z', 'timeRangeEmpty'],
    ['orderBy=startTime', 'badRequest'],
    ['orderBy=summary', 'invalid'],
    ['maxResults=0', 'invalid'],
    ['singleEvents=yes', 'invalid'],
  ])('refuses ?%s', async (query, reason) => {
    expect(await bench.reasonOf(`${events}?${query}`)).toEqual([400, reason])
  })
})

describe('an event', () => {
  it('gets an offset from its time zone', async () => {
    const summer = { dateTime: '2026-07-01T09:00:00', timeZone: 'Europe/Vienna' }
    const { body } = await bench.insert({ summary: 'S', start: summer, end: summer })
    expect(body.start.dateTime).toBe('2026-07-01T09:00:00+02:00')
  })

  it.each([
    [{}, 'required'],
    [{ ...morning, end: undefined }, 'required'],
    [{ ...morning, start: { date: '2026-03-05' } }, 'invalid'],
    [at('2026-03-05T09:00:00', '2026-03-05T10:00:00'), 'required'],
    [at('2026-03-05T11:00:00Z', '2026-03-05T10:00:00Z'), 'timeRangeEmpty'],
    [at('2026-13-05T09:00:00Z', '2026-03-05T10:00:00Z'), 'badRequest'],
    [{ ...morning, attendees: [{ displayName: 'Ada' }] }, 'required'],
    [{ ...morning, status: 'maybe' }, 'invalid'],
    [{ ...morning, id: 'XYZ' }, 'invalid'],
    [{ ...morning, recurrence: ['RRULE:FREQ=DAILY'] }, 'unsupportedByTestAccount'],
  ])('is refused as %j', async (json, reason) => {
    expect(await bench.reasonOf(events, { method: 'POST', json })).toEqual([400, reason])
  })

  it('with an id that is taken is refused', async () => {
    const json = { id: 'taken0', ...morning }
    await bench.insert(json)
    expect(await bench.reasonOf(events, { method: 'POST', json })).toEqual([409, 'duplicate'])
  })

  it('keeps what a patch leaves out and loses what an update leaves out', async () => {
    const { body: made } = await bench.insert({ summary: 'A', location: 'Vienna', ...morning })
    const path = `${events}/${made.id}`
    const patched = await bench.call(path, { method: 'PATCH', json: { summary: 'B' } })
    expect(patched.body).toMatchObject({ summary: 'B', location: 'Vienna' })
    const updated = await bench.call(path, { method: 'PUT', json: { summary: 'C', ...morning } })
    expect(updated.body).not.toHaveProperty('location')
  })

  it('answers 304 to its own tag and 412 to a change of another version', async () => {
    const { body: made } = await bench.insert({ summary: 'A', ...morning })
    const path = `${events}/${made.id}`
    expect((await bench.call(path, { headers: { 'if-none-match': made.etag } })).status).toBe(304)
    await bench.call(path, { method: 'PATCH', json: { summary: 'B' } })
    expect((await bench.call(path, { headers: { 'if-none-match': made.etag } })).status).toBe(200)
    const stale = { method: 'DELETE', headers: { 'if-match': made.etag } }
    expect(await bench.reasonOf(path, stale)).toEqual([412, 'conditionNotMet'])
  })

  it('that was deleted is cancelled, and gone for who deletes it again', async () => {
    const { body: made } = await bench.insert({ summary: 'A', ...morning })
    const path = `${events}/${made.id}`
    const deleted = await bench.call(path, { method: 'DELETE' })
    expect([deleted.status, deleted.body]).toEqual([204, null])
    expect((await bench.call(path)).body.status).toBe('cancelled')
    expect(await bench.reasonOf(path, { method: 'DELETE' })).toEqual([410, 'deleted'])
    expect(await bench.reasonOf(`${events}/never`)).toEqual([404, 'notFound'])
  })

  it('moves to another calendar and leaves a tombstone', async () => {
    const json = { summary: 'Team 2' }
    const { body: target } = await bench.call(`${base}/calendars`, { method: 'POST', json })
    const { body: made } = await bench.insert({ summary: 'A', ...morning })
    const move = `${events}/${made.id}/move`
    expect(await bench.reasonOf(move, { method: 'POST' })).toEqual([400, 'required'])
    await bench.call(`${move}?destination=${encodeURIComponent(target.id)}`, { method: 'POST' })
    expect((await bench.call(`${events}/${made.id}`)).body.status).toBe('cancelled')
    const moved = `${base}/calendars/${encodeURIComponent(target.id)}/events/${made.id}`
    expect((await bench.call(moved)).body.status).toBe('confirmed')
  })

  it('makes its calendar busy', async () => {
    await bench.insert({ summary: 'A', ...morning })
    const json = {
      timeMin: '2026-03-05T09:30:00Z',
      timeMax: '2026-03-05T23:00:00Z',
      items: [{ id: 'primary' }, { id: 'nobody' }],
    }
    const { body } = await bench.call<{ calendars: unknown }>(`${base}/freeBusy`, {
      method: 'POST',
      json,
    })
    expect(body.calendars).toEqual({
      primary: { busy: [{ start: '2026-03-05T09:30:00Z', end: '2026-03-05T10:00:00Z' }] },
      nobody: { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] },
    })
  })
})

describe('a calendar', () => {
  it('needs a title, appears in the list, and disappears from it as deleted', async () => {
    const list = `${base}/users/me/calendarList`
    expect(await bench.reasonOf(`${base}/calendars`, { method: 'POST', json: {} })).toEqual([
      400,
      'required',
    ])
    const { last: before } = await bench.readPages('', list)
    const { body: made } = await bench.call(`${base}/calendars`, {
      method: 'POST',
      json: { summary: 'C' },
    })
    const path = `${base}/calendars/${encodeURIComponent(made.id)}`
    await bench.call(path, { method: 'PATCH', json: { summary: 'D' } })
    const { last: added } = await bench.readPages(`syncToken=${before.nextSyncToken}`, list)
    expect(added.items).toMatchObject([{ id: made.id, summary: 'D' }])
    await bench.call(path, { method: 'DELETE' })
    const { last: removed } = await bench.readPages(`syncToken=${before.nextSyncToken}`, list)
    expect(removed.items).toMatchObject([{ id: made.id, deleted: true }])
    expect(await bench.reasonOf(path)).toEqual([404, 'notFound'])
    const primary = await bench.reasonOf(`${base}/calendars/primary`, { method: 'DELETE' })
    expect(primary).toEqual([403, 'forbidden'])
  })
})

it('is described by the file of the catalog', () => {
  const file = new URL('../../../../providers/catalog/google-calendar/api.json', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(describeCalendar())
})
