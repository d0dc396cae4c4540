import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, openCalendarBench } from './calendar-bench.js'
import type { CalendarBench } from './calendar-bench.js'

const rules = `${base}/calendars/primary/acl`
const list = `${base}/users/me/calendarList`

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench(['https://www.googleapis.com/auth/calendar.acls'])
})
beforeEach(() => bench.reset())
afterAll(() => bench.close())

type Rule = { id: string; role: string; scope: { type: string; value?: string } }
type List<Item> = { items: Item[]; nextSyncToken: string }
type Entry = { id: string; summary: string; selected: boolean; hidden?: boolean }

describe('access rules, with the scope for them', () => {
  const ada = { role: 'reader', scope: { type: 'user', value: 'ada@plumb.example' } }

  const share = (json: object) => bench.call<Rule>(rules, { method: 'POST', json })

  it('give access, change it and take it away', async () => {
    const { body: made } = await share(ada)
    expect(made.id).toBe('user:ada@plumb.example')
    const path = `${rules}/${encodeURIComponent(made.id)}`
    const changed = await bench.call<Rule>(path, { method: 'PATCH', json: { role: 'writer' } })
    expect(changed.body).toMatchObject({ ...ada, role: 'writer' })
    expect((await bench.call(path, { method: 'DELETE' })).status).toBe(204)
    expect(await bench.reasonOf(path)).toEqual([404, 'notFound'])
    const { body } = await bench.call<List<Rule>>(`${rules}?showDeleted=true`)
    expect(body.items.map(({ role }) => role)).toEqual(['owner', 'none'])
  })

  it.each([
    [{ scope: ada.scope }, 'required'],
    [{ role: 'king', scope: ada.scope }, 'invalid'],
    [{ role: 'reader' }, 'required'],
    [{ role: 'reader', scope: { type: 'user' } }, 'invalid'],
    [{ role: 'reader', scope: { type: 'planet', value: 'x' } }, 'invalid'],
  ])('are refused as %j', async (json, reason) => {
    expect(await bench.reasonOf(rules, { method: 'POST', json })).toEqual([400, reason])
  })

  it('for everybody have no value, and an update replaces the role', async () => {
    const { body } = await share({ role: 'reader', scope: { type: 'default' } })
    expect(body.id).toBe('default')
    const path = `${rules}/default`
    expect(await bench.reasonOf(path, { method: 'PUT', json: {} })).toEqual([400, 'required'])
    const json = { role: 'freeBusyReader' }
    expect((await bench.call<Rule>(path, { method: 'PUT', json })).body.role).toBe('freeBusyReader')
  })

  it('keep the owner', async () => {
    const path = `${rules}/${encodeURIComponent('user:demo@plumb.example')}`
    expect(await bench.reasonOf(path, { method: 'DELETE' })).toEqual([403, 'forbidden'])
  })
})

describe('the calendar list', () => {
  async function teamPath(): Promise<{ path: string; id: string }> {
    const { body } = await bench.call<List<Entry>>(list)
    const id = body.items.find(({ summary }) => summary === 'Team')?.id ?? ''
    return { id, path: `${list}/${encodeURIComponent(id)}` }
  }

  it('hides hidden calendars from those who do not ask', async () => {
    const { path, id } = await teamPath()
    await bench.call(path, { method: 'PATCH', json: { hidden: true, selected: false } })
    const visible = await bench.call<List<Entry>>(list)
    expect(visible.body.items.map((entry) => entry.id)).not.toContain(id)
    const all = await bench.call<List<Entry>>(`${list}?showHidden=true`)
    expect(all.body.items).toContainEqual(expect.objectContaining({ id, selected: false }))
  })

  it('loses a calendar and gets it back', async () => {
    const { path, id } = await teamPath()
    expect((await bench.call(path, { method: 'DELETE' })).status).toBe(204)
    expect(await bench.reasonOf(path)).toEqual([404, 'notFound'])
    expect(await bench.reasonOf(list, { method: 'POST', json: {} })).toEqual([400, 'required'])
    const added = await bench.call<Entry>(list, { method: 'POST', json: { id } })
    expect(added.body.summary).toBe('Team')
    expect((await bench.call<Entry>(path)).status).toBe(200)
    const primary = await bench.reasonOf(`${list}/primary`, { method: 'DELETE' })
    expect(primary).toEqual([403, 'forbidden'])
  })

  it('refuses a sync token together with a role', async () => {
    const { body } = await bench.call<List<Entry>>(list)
    const query = `syncToken=${body.nextSyncToken}&minAccessRole=owner`
    expect(await bench.reasonOf(`${list}?${query}`)).toEqual([400, 'badRequest'])
  })
})

describe('the rest', () => {
  it('answers settings by name', async () => {
    const settings = `${base}/users/me/settings`
    const found = await bench.call<{ value: string }>(`${settings}/timezone`)
    expect(found.body.value).toBe('Europe/Vienna')
    expect(await bench.reasonOf(`${settings}/mood`)).toEqual([404, 'notFound'])
  })

  it('clears the primary calendar only', async () => {
    const { body } = await bench.call<List<Entry>>(list)
    const team = body.items.find(({ summary }) => summary === 'Team')?.id ?? ''
    const other = `${base}/calendars/${encodeURIComponent(team)}/clear`
    expect(await bench.reasonOf(other, { method: 'POST' })).toEqual([400, 'invalid'])
    await bench.call(`${base}/calendars/primary/clear`, { method: 'POST' })
    expect((await bench.readPages('')).sizes).toEqual([0, 0, 0])
  })

  it('quick-adds an event at the next full hour', async () => {
    const path = `${base}/calendars/primary/events/quickAdd?text=Tea`
    const { body } = await bench.call(path, { method: 'POST' })
    expect(body).toMatchObject({ summary: 'Tea', start: { dateTime: '2026-03-01T09:00:00Z' } })
  })

  it('refuses what is not JSON, and paths that do not exist', async () => {
    const headers = { 'content-type': 'application/json' }
    const form = { summary: 'C' }
    const broken = await bench.reasonOf(`${base}/calendars`, { method: 'POST', form, headers })
    expect(broken).toEqual([400, 'parseError'])
    expect(await bench.reasonOf(`${base}/nowhere`)).toEqual([404, 'notFound'])
    expect((await bench.call(`${base}/calendars/%zz`)).status).toBe(400)
  })
})
