import { emitAction, emitSync } from './emit.js'
import type { Parts } from './emit.js'

const contact = 'z.object({ id: z.number(), first_name: z.string(), email: z.string().nullable() })'

/** The body of an honest "get contact". */
export const readsContact = [
  'const response = await ctx.get({ endpoint: `/v2/contacts/${encodeURIComponent(input.contact_id)}` })',
  'return z.object({ data: Contact }).parse(response.data).data',
].join('\n    ')

/** An action that gets a contact, with the given body. */
export function getContact(body: string = readsContact, parts: Parts = {}): string {
  const input = 'contact_id: z.number().int()'
  return emitAction({ ...contactAction, input, body, parts })
}

const contactAction = { description: 'Works with one contact.', name: 'Contact', schema: contact }

/** The body of an honest "get contact, or null". */
export const findsContact = [
  'const response = await ctx.get({ endpoint: `/v2/contacts/${encodeURIComponent(input.contact_id)}`, expectedStatus: [404] })',
  'if (response.status === 404) return null',
  'return z.object({ data: Contact }).parse(response.data).data',
].join('\n    ')

/** An action that gets a contact or null, with the given body. */
export function findContact(body: string = findsContact, parts: Parts = {}): string {
  const input = 'contact_id: z.number().int()'
  return emitAction({ ...contactAction, output: 'Contact.nullable()', input, body, parts })
}

/** The body of an honest "create contact". */
export const createsContact = [
  "const response = await ctx.post({ endpoint: '/v2/contacts', data: input })",
  'return z.object({ data: Contact }).parse(response.data).data',
].join('\n    ')

/** An action that creates a contact, with the given body. */
export function createContact(body: string = createsContact, parts: Parts = {}): string {
  const input = 'first_name: z.string(), last_name: z.string()'
  return emitAction({ ...contactAction, input, body, parts })
}

/** The body of an honest "list notes". */
export const listsNotes = [
  'const response = await ctx.get({ endpoint: `/v2/companies/${encodeURIComponent(input.company_id)}/notes` })',
  'return z.object({ data: z.array(Note) }).parse(response.data).data',
].join('\n    ')

/** An action that lists the notes of a company, with the given body. */
export function listNotes(body: string = listsNotes, parts: Parts = {}): string {
  return emitAction({
    description: 'Lists the notes of a company.',
    ...{ name: 'Note', schema: 'z.object({ id: z.number(), text: z.string() })' },
    ...{ input: 'company_id: z.number().int()', output: 'z.array(Note)', body, parts },
  })
}

/** The body of an honest "sync contacts". */
export const syncsContacts = `await ctx.trackDeletesStart('Contact')
    for await (const page of ctx.paginate({
      endpoint: '/v2/contacts',
      paginate: {
        type: 'offset',
        offset_name_in_request: 'offset',
        offset_start_value: 0,
        offset_calculation_method: 'by-response-size',
        response_path: 'data',
        limit_name_in_request: 'limit',
        limit: 50,
      },
    })) {
      const contacts = z.array(Answer).parse(page)
      await ctx.batchSave(contacts.map(({ id, email }) => ({ id: String(id), email })), 'Contact')
    }
    await ctx.trackDeletesEnd('Contact')`

/** A sync of all contacts, with the given body. */
export function syncContacts(body: string = syncsContacts, parts: Parts = {}): string {
  return emitSync({
    description: 'Keeps a copy of all contacts.',
    answer: 'z.object({ id: z.number(), email: z.string().nullable() })',
    ...{ name: 'Contact', schema: 'z.object({ id: z.string(), email: z.string().nullable() })' },
    ...{ body, parts },
  })
}
