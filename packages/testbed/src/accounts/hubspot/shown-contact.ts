import type { Contact } from './contact-store.js'

const always = ['hs_object_id', 'createdate', 'lastmodifieddate']
const usual = ['firstname', 'lastname', 'email']

/** A contact as an answer shows it: the properties that were asked for, and those that always come. */
export function shownContact(contact: Contact, asked: readonly string[]): object {
  const names = [...always, ...(asked.length === 0 ? usual : asked)]
  const properties = Object.fromEntries(
    names.map((name) => [name, contact.properties[name] ?? null] as const),
  )
  return { ...contact, properties }
}
