type Parts = {
  readonly imports?: string
  readonly output?: string
}

const heads = ["import { createAction } from '@plumb/sdk'", "import { z } from 'zod'"]

const contact = 'z.object({ id: z.number(), first_name: z.string(), email: z.string().nullable() })'

/** The body of an honest "get contact". */
export const readsContact = [
  'const response = await ctx.get({ endpoint: `/v2/contacts/${encodeURIComponent(input.contact_id)}` })',
  'return z.object({ data: Contact }).parse(response.data).data',
].join('\n    ')

/** An action that gets a contact, with the given body. */
export function getContact(body: string = readsContact, parts: Parts = {}): string {
  return action('contact_id: z.number().int()', body, parts)
}

/** The body of an honest "create contact". */
export const createsContact = [
  "const response = await ctx.post({ endpoint: '/v2/contacts', data: input })",
  'return z.object({ data: Contact }).parse(response.data).data',
].join('\n    ')

/** An action that creates a contact, with the given body. */
export function createContact(body: string = createsContact): string {
  return action('first_name: z.string(), last_name: z.string()', body)
}

function action(input: string, body: string, { imports = '', output }: Parts = {}): string {
  return `${heads.join('\n')}
${imports}
const Contact = ${output ?? contact}

export default createAction({
  description: 'Works with one contact.',
  version: '1.0.0',
  input: z.object({ ${input} }),
  output: Contact,
  exec: async (ctx, input) => {
    ${body}
  },
})
`
}

/** The body of an honest "list notes". */
export const listsNotes = [
  'const response = await ctx.get({ endpoint: `/v2/companies/${encodeURIComponent(input.company_id)}/notes` })',
  'return z.object({ data: z.array(Note) }).parse(response.data).data',
].join('\n    ')

/** An action that lists the notes of a company, with the given body. */
export function listNotes(body: string = listsNotes): string {
  return `${heads.join('\n')}

const Note = z.object({ id: z.number(), text: z.string() })

export default createAction({
  description: 'Lists the notes of a company.',
  version: '1.0.0',
  input: z.object({ company_id: z.number().int() }),
  output: z.array(Note),
  exec: async (ctx, input) => {
    ${body}
  },
})
`
}

/** The body of an honest "sync contacts". */
export const syncsContacts = `for await (const page of ctx.paginate({
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
    }`

/** A sync of all contacts, with the given body. */
export function syncContacts(body: string = syncsContacts): string {
  return `import { createSync } from '@plumb/sdk'
import { z } from 'zod'

const Answer = z.object({ id: z.number(), email: z.string().nullable() })
const Contact = z.object({ id: z.string(), email: z.string().nullable() })

export default createSync({
  description: 'Keeps a copy of all contacts.',
  version: '1.0.0',
  frequency: 'every hour',
  models: { Contact },
  syncType: 'full',
  exec: async (ctx) => {
    ${body}
  },
})
`
}
