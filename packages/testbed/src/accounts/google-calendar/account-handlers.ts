import type { AccountAnswer } from '../server/account-request.js'
import type { CalendarCall } from './calendar-operation.js'
import type { Resource, Stored } from './calendar-state.js'
import { etagOf } from './calendar-state.js'
import { emptyTimeRange, instantOf } from './event-time.js'
import { findStored } from './find-calendar.js'
import { listPage } from './list-page.js'
import { badRequest, missing } from './refusal.js'
import { resourceAnswer, withEtag } from './resource-answer.js'
import { textOf } from './text-of.js'

const renderSetting = (stored: Stored): Resource => ({
  kind: 'calendar#setting',
  etag: etagOf(stored),
  ...stored.value,
})

export function listSettings(call: CalendarCall): AccountAnswer {
  return listPage({
    call,
    kind: 'calendar#settings',
    entries: [...call.state.settings.values()],
    visible: () => true,
    render: renderSetting,
    syncable: true,
  })
}

export function getSetting(call: CalendarCall): AccountAnswer {
  const stored = findStored(call.state.settings, call.path['setting'])
  return resourceAnswer(call, stored, renderSetting(stored))
}

const color = (background: string) => ({ background, foreground: '#1d1d1d' })

export function getColors(call: CalendarCall): AccountAnswer {
  const event = {
    1: color('#a4bdfc'),
    2: color('#7ae7bf'),
    3: color('#dbadff'),
    4: color('#ff887c'),
  }
  const calendar = {
    1: color('#ac725e'),
    2: color('#d06b64'),
    3: color('#f83a22'),
    14: color('#9fe1e7'),
  }
  const updated = '2012-02-14T00:00:00.000Z'
  return withEtag(call, { kind: 'calendar#colors', updated, calendar, event }, '"colors-1"')
}

function busyTimes(call: CalendarCall, id: string, [from, to]: [number, number]): Resource {
  const calendar = call.state.calendars.get(id === 'primary' ? call.state.owner : id)
  if (!calendar) return { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }
  const iso = (moment: number) => new Date(moment).toISOString().replace('.000', '')
  const busy = [...calendar.events.values()]
    .filter(({ deleted, value }) => !deleted && value['transparency'] !== 'transparent')
    .map(({ value }) => [instantOf(value['start']), instantOf(value['end'])] as const)
    .filter(([start, end]) => end > from && start < to)
    .sort((a, b) => a[0] - b[0])
    .map(([start, end]) => ({ start: iso(Math.max(start, from)), end: iso(Math.min(end, to)) }))
  return { busy }
}

function requiredTime(body: Resource, name: string): number {
  if (body[name] === undefined) throw missing(`Missing ${name}.`)
  const moment = Date.parse(textOf(body[name]))
  if (Number.isNaN(moment)) throw badRequest('Bad Request')
  return moment
}

export function queryFreeBusy(call: CalendarCall): AccountAnswer {
  const range: [number, number] = [
    requiredTime(call.body, 'timeMin'),
    requiredTime(call.body, 'timeMax'),
  ]
  if (range[1] <= range[0]) throw emptyTimeRange()
  const items = (call.body['items'] ?? []) as readonly { id?: unknown }[]
  const calendars = items.map(({ id }) => [textOf(id), busyTimes(call, textOf(id), range)] as const)
  const { timeMin, timeMax } = call.body
  const body = {
    kind: 'calendar#freeBusy',
    timeMin,
    timeMax,
    calendars: Object.fromEntries(calendars),
  }
  return { status: 200, body }
}
