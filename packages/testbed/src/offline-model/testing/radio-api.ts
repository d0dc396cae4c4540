import type { JsonObject } from '@plumb/protocol'
import type {
  InventedAnswer,
  InventedApi,
  InventedRequest,
  OperationShape,
} from './invented-api.js'
import { inQuery, inventApi, moment, object, text, wordIn } from './invented-api.js'

const station = object({ ref: text, title: text }, ['ref', 'title'])
const show = object({ ref: text, station: text, title: text }, ['ref'])
const listener = object({ ref: text }, ['ref'])
const ofStation = { ...text, description: 'Id of the station' }
const renaming = object({ station: ofStation, title: text }, ['station', 'title'])
const times = { starts_at: moment, ends_at: moment }
const slot = object({ station: ofStation, title: text, ...times }, [
  'station',
  'title',
  ...Object.keys(times),
])
const list = (name: string, items: JsonObject) => object({ [name]: { type: 'array', items } })

const operations: readonly OperationShape[] = [
  {
    id: 'station_list',
    method: 'GET',
    path: '/api/station.list',
    summary: 'Lists all stations',
    answer: list('stations', station),
  },
  {
    id: 'station_create',
    method: 'POST',
    path: '/api/station.create',
    summary: 'Creates a station',
    body: object({ title: text }, ['title']),
    answer: object({ station }),
  },
  {
    id: 'station_rename',
    method: 'POST',
    path: '/api/station.rename',
    summary: 'Renames a station',
    body: renaming,
    answer: object({ station }),
  },
  {
    id: 'show_schedule',
    method: 'POST',
    path: '/api/show.schedule',
    summary: 'Schedules a show on a station',
    body: slot,
    answer: object({ show }),
  },
  {
    id: 'listener_list',
    method: 'GET',
    path: '/api/listener.list',
    summary: 'Lists listeners',
    answer: list('listeners', listener),
  },
  {
    id: 'listener_lookupByEmail',
    method: 'GET',
    path: '/api/listener.lookupByEmail',
    summary: 'Finds a listener by email address',
    parameters: [inQuery('email')],
    answer: object({ listener }),
  },
]

export type Radio = {
  readonly api: InventedApi
  readonly stations: JsonObject[]
  readonly shows: JsonObject[]
}

const fine = (body: JsonObject): InventedAnswer => ({ status: 200, body: { ok: true, ...body } })
const refuse = (error: string): InventedAnswer => ({ status: 200, body: { ok: false, error } })

/** Stations and their shows: methods instead of resources, and failures that are answered with 200. */
export function inventRadio(): Radio {
  const stations: JsonObject[] = [{ ref: 'ST1', title: 'harbour', locked: true }]
  const shows: JsonObject[] = []
  const known = ({ body }: InventedRequest) => stations.find(({ ref }) => ref === body['station'])
  const listeners: JsonObject[] = [{ ref: 'L1', contact: { email: 'ada@harbour.example' } }]
  const api = inventApi(operations, {
    station_list: () => fine({ stations }),
    station_create: ({ body }) => {
      if (stations.some(({ title }) => title === body['title'])) return refuse('title_taken')
      const made = { ref: `ST${stations.length + 1}`, title: body['title'] ?? '' }
      stations.push(made)
      return fine({ station: made })
    },
    station_rename: (request) => {
      const one = known(request)
      if (one === undefined) return refuse('station_not_found')
      const renamed = { ...one, title: request.body['title'] ?? '' }
      stations.splice(stations.indexOf(one), 1, renamed)
      return fine({ station: renamed })
    },
    show_schedule: (request) => {
      const { body } = request
      if (known(request) === undefined) return refuse('station_not_found')
      if (known(request)?.['locked'] === true) return refuse('station_read_only')
      if (wordIn(body, 'starts_at') >= wordIn(body, 'ends_at')) return refuse('invalid_ends_at')
      shows.push({ ref: `SH${shows.length}`, ...body })
      return fine({ show: shows.at(-1) ?? {} })
    },
    listener_list: () => fine({ listeners }),
    listener_lookupByEmail: ({ query }) =>
      query['email'] === 'ada@harbour.example'
        ? fine({ listener: listeners[0] ?? {} })
        : refuse('listener_not_found'),
  })
  return { api, stations, shows }
}
