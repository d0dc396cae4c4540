import type { JsonObject } from '@plumb/protocol'
import type { InventedAnswer, InventedApi, InventedRequest } from './invented-api.js'
import { inQuery, moment, object, text } from './invented-api.js'

const station = object({ ref: text, title: text }, ['ref', 'title'])
const show = object({ ref: text, station: text, title: text }, ['ref'])

export type Radio = {
  readonly api: InventedApi
  readonly stations: JsonObject[]
  readonly shows: JsonObject[]
}

/** Stations and their shows: methods instead of resources, and failures that are answered with 200. */
export function inventRadio(): Radio {
  const stations: JsonObject[] = [{ ref: 'ST1', title: 'harbour', locked: true }]
  const shows: JsonObject[] = []
  const fine = (body: JsonObject): InventedAnswer => ({ status: 200, body: { ok: true, ...body } })
  const refuse = (error: string): InventedAnswer => ({ status: 200, body: { ok: false, error } })
  const known = ({ body }: InventedRequest) => stations.find(({ ref }) => ref === body['station'])
  const listeners: JsonObject[] = [{ ref: 'L1', contact: { email: 'ada@harbour.example' } }]
  return {
    stations,
    shows,
    api: {
      operations: [
        {
          id: 'station_list',
          method: 'GET',
          path: '/api/station.list',
          summary: 'Lists all stations',
          answer: object({ stations: { type: 'array', items: station } }),
          handle: () => fine({ stations }),
        },
        {
          id: 'station_create',
          method: 'POST',
          path: '/api/station.create',
          summary: 'Creates a station',
          body: object({ title: text }, ['title']),
          answer: object({ station }),
          handle: ({ body }) => {
            if (stations.some(({ title }) => title === body['title'])) return refuse('title_taken')
            const made = { ref: `ST${stations.length + 1}`, title: body['title'] ?? '' }
            stations.push(made)
            return fine({ station: made })
          },
        },
        {
          id: 'station_rename',
          method: 'POST',
          path: '/api/station.rename',
          summary: 'Renames a station',
          body: object({ station: { ...text, description: 'Id of the station' }, title: text }, [
            'station',
            'title',
          ]),
          answer: object({ station }),
          handle: (request) => {
            const one = known(request)
            if (one === undefined) return refuse('station_not_found')
            const renamed = { ...one, title: request.body['title'] ?? '' }
            stations.splice(stations.indexOf(one), 1, renamed)
            return fine({ station: renamed })
          },
        },
        {
          id: 'show_schedule',
          method: 'POST',
          path: '/api/show.schedule',
          summary: 'Schedules a show on a station',
          body: object(
            {
              station: { ...text, description: 'Id of the station' },
              title: text,
              starts_at: moment,
              ends_at: moment,
            },
            ['station', 'title', 'starts_at', 'ends_at'],
          ),
          answer: object({ show }),
          handle: (request) => {
            const { body } = request
            if (known(request) === undefined) return refuse('station_not_found')
            if (known(request)?.['locked'] === true) return refuse('station_read_only')
            if (!(String(body['starts_at']) < String(body['ends_at'])))
              return refuse('invalid_ends_at')
            shows.push({ ref: `SH${shows.length}`, ...body })
            return fine({ show: shows.at(-1) ?? {} })
          },
        },
        {
          id: 'listener_list',
          method: 'GET',
          path: '/api/listener.list',
          summary: 'Lists listeners',
          answer: object({ listeners: { type: 'array', items: object({ ref: text }) } }),
          handle: () => fine({ listeners }),
        },
        {
          id: 'listener_lookupByEmail',
          method: 'GET',
          path: '/api/listener.lookupByEmail',
          summary: 'Finds a listener by email address',
          parameters: [inQuery('email')],
          answer: object({ listener: object({ ref: text }, ['ref']) }),
          handle: ({ query }) =>
            query['email'] === 'ada@harbour.example'
              ? fine({ listener: listeners[0] ?? {} })
              : refuse('listener_not_found'),
        },
      ],
    },
  }
}
