import type { Clock } from '../test-account.js'

/** A contact; every property is text, as on the wire, and an unset one is null. */
export type Contact = {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
  /** ISO 8601. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  readonly archivedAt?: string
}

export type ContactStore = {
  /** Contacts that are not archived, oldest first. */
  active(): readonly Contact[]
  archived(): readonly Contact[]
  get(id: string): Contact | undefined
  byEmail(email: string): Contact | undefined
  create(properties: Contact['properties']): Contact
  /** Undefined where there is none, or only an archived one. */
  update(id: string, properties: Contact['properties']): Contact | undefined
  archive(id: string): boolean
}

const firstId = 100_001
const first = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gia', 'Hugo', 'Ida', 'Jon']
const last = ['Abel', 'Berg', 'Clay', 'Dorn', 'Elm', 'Frost', 'Gray', 'Hale']

/**
 * `count` contacts as an import leaves them: created in batches of 100 that share one moment, the newest a day
 * before the clock, so that many have the same times.
 */
export function createContactStore(count: number, clock: Clock): ContactStore {
  const shelf: Shelf = { contacts: new Map(), emails: new Map() }
  const { contacts, emails } = shelf
  const newest = clock().getTime() - 86_400_000
  const batches = Math.ceil(count / 100)
  for (let index = 0; index < count; index += 1) {
    const at = newest - (batches - 1 - Math.floor(index / 100)) * 60_000
    put(shelf, seeded(String(firstId + index), index), new Date(at).toISOString())
  }
  let nextId = firstId + count
  return {
    active: () => [...contacts.values()].filter(({ archived }) => !archived),
    archived: () => [...contacts.values()].filter(({ archived }) => archived),
    get: (id) => contacts.get(id),
    byEmail: (email) => contacts.get(emails.get(email.toLowerCase()) ?? ''),
    create(properties) {
      nextId += 1
      return put(shelf, { id: String(nextId), properties }, clock().toISOString())
    },
    update(id, properties) {
      const contact = contacts.get(id)
      if (contact === undefined || contact.archived) return undefined
      const changed = { id, properties: { ...contact.properties, ...properties } }
      return put(shelf, changed, clock().toISOString())
    },
    archive(id) {
      const contact = contacts.get(id)
      if (contact === undefined || contact.archived) return false
      const archivedAt = clock().toISOString()
      contacts.set(id, { ...contact, archived: true, archivedAt, updatedAt: archivedAt })
      const email = contact.properties['email']
      if (email) emails.delete(email.toLowerCase())
      return true
    },
  }
}

type Shelf = { readonly contacts: Map<string, Contact>; readonly emails: Map<string, string> }

function put(
  { contacts, emails }: Shelf,
  { id, properties }: Pick<Contact, 'id' | 'properties'>,
  at: string,
): Contact {
  const createdAt = contacts.get(id)?.createdAt ?? at
  const stamps = { hs_object_id: id, createdate: createdAt, lastmodifieddate: at }
  const stamped = { ...properties, ...stamps }
  const contact = { id, properties: stamped, createdAt, updatedAt: at, archived: false }
  contacts.set(id, contact)
  const email = properties['email']
  if (email) emails.set(email.toLowerCase(), id)
  return contact
}

function seeded(id: string, index: number): Pick<Contact, 'id' | 'properties'> {
  const firstname = first[index % first.length] ?? ''
  const lastname = last[index % last.length] ?? ''
  return {
    id,
    properties: {
      firstname,
      lastname,
      email: `${firstname}.${lastname}.${index}@example.com`.toLowerCase(),
      // Every seventh has none: an import is never complete.
      phone: index % 7 === 0 ? null : `+49 30 ${String(100_000 + index)}`,
      company: index % 5 === 0 ? null : `Company ${index % 40}`,
      lifecyclestage: index % 3 === 0 ? 'customer' : 'lead',
    },
  }
}
