import type { AccountAnswer } from '../server/account-request.js'
import type { Route, RoutedRequest } from '../server/route-requests.js'
import type { Contact, ContactStore } from './contact-store.js'
import { hubspotError, invalid, notFound } from './hubspot-answers.js'
import { searchContacts } from './search-contacts.js'
import { shownContact } from './shown-contact.js'

const path = '/crm/v3/objects/contacts'
const known = new Set(['firstname', 'lastname', 'email', 'phone', 'company', 'lifecyclestage'])

/** What the account can be asked about contacts. */
export function contactRoutes(store: () => ContactStore): Route[] {
  return [
    { method: 'GET', path, handle: (request) => list(request, store()) },
    { method: 'POST', path, handle: (request) => create(request, store()) },
    {
      method: 'POST',
      path: `${path}/search`,
      handle: (request) => searchContacts(jsonOf(request), store().active()),
    },
    {
      method: 'POST',
      path: `${path}/batch/read`,
      handle: (request) => readBatch(request, store()),
    },
    {
      method: 'POST',
      path: `${path}/batch/update`,
      handle: (request) => updateBatch(request, store()),
    },
    {
      method: 'GET',
      path: `${path}/{id}`,
      handle({ params, query }) {
        const contact = store().get(params['id'] ?? '')
        const archived = query.get('archived') === 'true'
        if (contact === undefined || contact.archived !== archived) return notFound()
        return { status: 200, body: shownContact(contact, propertiesOf(query)) }
      },
    },
    {
      method: 'PATCH',
      path: `${path}/{id}`,
      handle(request) {
        const properties = readProperties(request)
        if (isAnswer(properties)) return properties
        const contact = store().update(request.params['id'] ?? '', properties)
        return contact ? { status: 200, body: shownContact(contact, []) } : notFound()
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      handle({ params }) {
        store().archive(params['id'] ?? '')
        // Archiving what is archived, or was never there, is told as done.
        return { status: 204, body: null }
      },
    },
  ]
}

function list({ query }: RoutedRequest, store: ContactStore): AccountAnswer {
  const limit = Number(query.get('limit') ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return invalid('Invalid request to list objects. limit must be between 1 and 100')
  const after = query.get('after')
  if (after !== null && !/^\d+$/.test(after)) return invalid(`Unable to parse after: ${after}`)
  const rows = query.get('archived') === 'true' ? store.archived() : store.active()
  const { page, next } = pageOf(rows, after, limit)
  return {
    status: 200,
    body: {
      results: page.map((contact) => shownContact(contact, propertiesOf(query))),
      ...(next && { paging: { next: { after: next.id } } }),
    },
  }
}

/** The rows from the id `after` on, and the first one of the next page. */
function pageOf(rows: readonly Contact[], after: string | null, limit: number) {
  const start = after === null ? 0 : rows.findIndex(({ id }) => Number(id) >= Number(after))
  if (start < 0) return { page: [], next: undefined }
  return { page: rows.slice(start, start + limit), next: rows[start + limit] }
}

function create(request: RoutedRequest, store: ContactStore): AccountAnswer {
  const properties = readProperties(request)
  if (isAnswer(properties)) return properties
  const existing = store.byEmail(properties['email'] ?? '')
  if (existing) {
    const message = `Contact already exists. Existing ID: ${existing.id}`
    return hubspotError(409, { message, category: 'CONFLICT' })
  }
  return { status: 201, body: shownContact(store.create(properties), []) }
}

type BatchInput = { readonly id?: unknown; readonly properties?: unknown }

/** What a batch is about, or what is wrong with it. */
function inputsOf(request: RoutedRequest): readonly BatchInput[] | AccountAnswer {
  const inputs = (jsonOf(request) as { inputs?: unknown } | null)?.inputs
  if (!Array.isArray(inputs)) return invalid('inputs is required')
  if (inputs.length > 100) return invalid('inputs may have at most 100 entries')
  return inputs as BatchInput[]
}

/** Changes the contacts that are there, all at one moment. */
function updateBatch(request: RoutedRequest, store: ContactStore): AccountAnswer {
  const inputs = inputsOf(request)
  if ('status' in inputs) return inputs
  const changes = inputs.map(({ id, properties }) => ({
    ...{ id: String(id), properties: propertiesIn(properties) },
  }))
  const wrong = changes.map(({ properties }) => properties).find(isAnswer)
  if (wrong !== undefined) return wrong
  const results = changes.flatMap(({ id, properties }) =>
    isAnswer(properties) ? [] : (store.update(id, properties) ?? []),
  )
  const shown = results.map((contact) => shownContact(contact, []))
  return { status: 200, body: { status: 'COMPLETE', results: shown } }
}

function readBatch(request: RoutedRequest, store: ContactStore): AccountAnswer {
  const inputs = inputsOf(request)
  if ('status' in inputs) return inputs
  const body = jsonOf(request) as { properties?: unknown }
  const ids = inputs.map(({ id }) => String(id))
  const asked = Array.isArray(body.properties) ? body.properties.map(String) : []
  const found = ids.flatMap((id) => store.get(id) ?? []).filter(({ archived }) => !archived)
  const results = found.map((contact) => shownContact(contact, asked))
  return { status: 200, body: { status: 'COMPLETE', results } }
}

function propertiesOf(query: URLSearchParams): string[] {
  return query.getAll('properties').flatMap((names) => names.split(','))
}

function readProperties(request: RoutedRequest): Contact['properties'] | AccountAnswer {
  return propertiesIn((jsonOf(request) as { properties?: unknown } | null)?.properties)
}

function propertiesIn(given: unknown): Contact['properties'] | AccountAnswer {
  if (typeof given !== 'object' || given === null) return invalid('properties is required')
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown !== undefined) return invalid(`Property "${unknown}" does not exist`)
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value === null ? null : String(value)]),
  )
}

const isAnswer = (value: object): value is AccountAnswer =>
  'status' in value && typeof value.status === 'number'

function jsonOf({ body }: RoutedRequest): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}
