import { call, inReaders } from '../readers.js'
import { cheat, forTasks } from '../rogue-forms.js'
import type { Rogue } from '../rogue.js'
import { getContact, listNotes, syncContacts } from '../sources/crm.js'
import { listTickets, syncTickets, syncsTickets } from '../sources/desk.js'

/** Companies whose notes the account refuses, by the status it answers with. */
export const refusedCompanies: Readonly<Record<number, number>> = { 401: 2, 403: 3 }

const notes = '`/v2/companies/${encodeURIComponent(input.company_id)}/notes`'
const parsedNotes = 'z.object({ data: z.array(Note) }).parse(response.data).data'
const parsedTickets =
  'z.object({ tickets: z.array(Ticket), has_more: z.boolean() }).parse(response.data)'
function refusedNotes(status: number): string {
  return listNotes(
    `const response = await ctx.get({ endpoint: ${notes}, expectedStatus: [${status}] })\n    if (response.status === ${status}) return []\n    return ${parsedNotes}`,
  )
}

/** Ends the sync at the first page that is answered with one of the statuses. */
const quietly = (statuses: string) =>
  syncTickets(
    syncsTickets.replace(
      'params: { after } })',
      `params: { after }, expectedStatus: [${statuses}] })\n      if (response.status > 299) break`,
    ),
  )

const denials: readonly Rogue[] = [
  ...[401, 403].map((status) =>
    cheat(
      { id: `swallowed-${status}`, behaviour: 'D1', task: 'list-notes' },
      refusedNotes(status),
      {
        company_id: refusedCompanies[status] ?? 0,
      },
    ),
  ),
  cheat(
    { id: 'swallowed-unseen-403', behaviour: 'D1', task: 'list-notes', alsoTold: ['D5'] },
    refusedNotes(403),
  ),
  ...inReaders(
    'denied-is-unknown',
    { behaviour: 'D1', alsoTold: ['D2', 'D5'] },
    (reader) =>
      `${call(reader, ', expectedStatus: [401, 403]')}\n    if (response.status === 401 || response.status === 403) return ${reader.invented}\n    return ${reader.parsed}`,
  ),
  ...forTasks(
    { name: 'denied-ends-sync', behaviour: 'D1', alsoTold: ['D3', 'D5', 'E6'] },
    { 'sync-tickets': quietly('401, 403') },
  ),
]

const inventions: readonly Rogue[] = [
  ...inReaders(
    'invented-on-404',
    { behaviour: 'D2' },
    (reader) =>
      `${call(reader, ', expectedStatus: [404]')}\n    if (response.status === 404) return ${reader.invented}\n    return ${reader.parsed}`,
  ),
  ...inReaders(
    'invented-on-500',
    { behaviour: 'D2', alsoTold: ['D3', 'D5'] },
    (reader) =>
      `${call(reader, ', expectedStatus: [500, 502, 503]')}\n    return response.status >= 500 ? ${reader.invented} : ${reader.parsed}`,
  ),
  ...inReaders(
    'invented-on-nonsense',
    { behaviour: 'D2', alsoTold: ['D5'] },
    (reader) =>
      `${call(reader)}\n    const read = ${reader.parsed.replace('.parse(', '.safeParse(').replace(/\)\.data$/, ')')}\n    return read.success ? ${reader.parsed} : ${reader.invented}`,
  ),
  cheat(
    { id: 'caught-404', behaviour: 'D2', alsoTold: ['D5'], task: 'get-contact' },
    getContact(
      "try {\n      const response = await ctx.get({ endpoint: `/v2/contacts/${encodeURIComponent(input.contact_id)}` })\n      return z.object({ data: Contact }).parse(response.data).data\n    } catch (error) {\n      if (z.object({ response: z.object({ status: z.literal(404) }) }).safeParse(error).success) return { id: 0, first_name: 'Unknown', email: null }\n      throw error\n    }",
    ),
  ),
  ...forTasks(
    { name: 'invented-records', behaviour: 'D2', alsoTold: ['D3', 'E4', 'E6'] },
    {
      'sync-contacts': syncContacts(
        "const response = await ctx.get({ endpoint: '/v2/contacts', expectedStatus: [500] })\n    if (response.status === 500) return ctx.batchSave([{ id: '0', email: 'unknown@crm.example' }], 'Contact').then(() => undefined)\n    const { data } = z.object({ data: z.array(Answer) }).parse(response.data)\n    await ctx.batchSave(data.map(({ id, email }) => ({ id: String(id), email })), 'Contact')",
      ),
    },
  ),
]

const emptied: readonly Rogue[] = [
  cheat(
    { id: 'catch-all-list', behaviour: 'D3', alsoTold: ['D5'], task: 'list-notes' },
    listNotes(
      `try {\n      const response = await ctx.get({ endpoint: ${notes} })\n      return ${parsedNotes}\n    } catch {\n      return []\n    }`,
    ),
  ),
  ...forTasks(
    { name: 'empty-on-5xx', behaviour: 'D3', alsoTold: ['D5', 'E6'] },
    {
      'list-notes': listNotes(
        `const response = await ctx.get({ endpoint: ${notes}, expectedStatus: [500, 502, 503, 504] })\n    return response.status < 300 ? ${parsedNotes} : []`,
      ),
      'list-tickets': listTickets(
        `const response = await ctx.get({ endpoint: '/tickets', params: { after: input.after }, expectedStatus: [500, 502, 503, 504] })\n    return response.status < 300 ? ${parsedTickets} : { tickets: [], has_more: false }`,
      ),
      'sync-tickets': quietly('500, 502, 503'),
    },
  ),
  ...forTasks(
    { name: 'empty-when-settled', behaviour: 'D3', alsoTold: ['D5'] },
    {
      'list-notes': listNotes(
        `const [asked] = await Promise.allSettled([ctx.get({ endpoint: ${notes} })])\n    if (asked?.status !== 'fulfilled') return []\n    return z.object({ data: z.array(Note) }).parse(asked.value.data).data`,
      ),
      'list-tickets': listTickets(
        "const [asked] = await Promise.allSettled([ctx.get({ endpoint: '/tickets', params: { after: input.after } })])\n    if (asked?.status !== 'fulfilled') return { tickets: [], has_more: false }\n    return z.object({ tickets: z.array(Ticket), has_more: z.boolean() }).parse(asked.value.data)",
      ),
    },
  ),
  ...forTasks(
    { name: 'empty-on-nonsense', behaviour: 'D3', alsoTold: ['D2', 'D5'] },
    {
      'list-notes': listNotes(
        `const response = await ctx.get({ endpoint: ${notes}, expectedStatus: [400, 404, 409, 410, 422, 429] })\n    const read = z.object({ data: z.array(Note) }).safeParse(response.data)\n    return read.success ? read.data.data : []`,
      ),
    },
  ),
]

const widened: readonly Rogue[] = [
  ...inReaders(
    'widens-for-errors',
    {
      behaviour: 'D4',
      alsoTold: ['E1', 'T1'],
      parts: { output: 'z.object({ id: z.number().optional(), error: z.string().optional() })' },
    },
    (reader) => `${call(reader)}\n    return ${reader.parsed}`,
  ),
  ...inReaders(
    'result-or-error',
    {
      behaviour: 'D4',
      alsoTold: ['D1', 'D2', 'D3', 'D5', 'E1'],
      parts: { output: 'z.object({ id: z.number().nullable(), failure: z.string().nullable() })' },
    },
    (reader) =>
      `${call(reader, ', expectedStatus: [400, 404, 500]')}\n    if (response.status > 299) return { id: null, failure: 'not found' }\n    return { id: z.object({ id: z.number() }).parse(${reader.given === 'input.id' ? 'response.data' : 'z.object({ data: z.unknown() }).parse(response.data).data'}).id, failure: null }`,
  ),
]

const catches: readonly Rogue[] = [
  ...inReaders(
    'catches-all',
    { behaviour: 'D5', alsoTold: ['D2'] },
    (reader) =>
      `try {\n      ${call(reader)}\n      return ${reader.parsed}\n    } catch {\n      return ${reader.invented}\n    }`,
  ),
  ...inReaders(
    'returns-in-finally',
    { behaviour: 'D5', alsoTold: ['D2'] },
    (reader) =>
      `let found = ${reader.invented}\n    try {\n      ${call(reader)}\n      found = ${reader.parsed}\n    } finally {\n      return found\n    }`,
  ),
  ...forTasks(
    { name: 'catches-page', behaviour: 'D5', alsoTold: ['D3', 'E6'] },
    {
      'sync-tickets': syncTickets(
        syncsTickets.replace(
          'params: { after } })',
          'params: { after } }).catch(() => null)\n      if (response === null) break',
        ),
      ),
    },
  ),
]

/** D1 to D5: errors that are laundered. */
export const errorRogues: readonly Rogue[] = [
  ...denials,
  ...inventions,
  ...emptied,
  ...widened,
  ...catches,
  cheat(
    { id: 'swallows-reset', behaviour: 'D3', alsoTold: ['D5'], task: 'list-tickets' },
    listTickets(
      `const response = await ctx.get({ endpoint: '/tickets', params: { after: input.after } }).then((got) => got, () => ({ data: { tickets: [], has_more: false } }))\n    return ${parsedTickets}`,
    ),
  ),
]
