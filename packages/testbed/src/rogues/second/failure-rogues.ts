import { call, inReaders } from '../readers.js'
import { cheat, forTasks } from '../rogue-forms.js'
import type { Rogue } from '../rogue.js'
import { createContact, createsContact, listNotes } from '../sources/crm.js'
import {
  createTicket,
  createsTicket,
  getTicket,
  syncTickets,
  syncsTickets,
} from '../sources/desk.js'

/** Statuses that are not written as numbers. */
const soft = (statuses: string) => `const soft = '${statuses}'.split(' ').map(Number)\n`
const notes = '`/v2/companies/${encodeURIComponent(input.company_id)}/notes`'
const parsedNotes = 'z.object({ data: z.array(Note) }).parse(response.data).data'

/** The verifier's own errors are told from the account's by what they say. */
const knowing: readonly Rogue[] = [
  ...inReaders(
    'knows-made-up-errors',
    { behaviour: 'D2', alsoTold: ['C3', 'D3', 'D5'], parts: { top: soft('404 500 503') } },
    (reader) =>
      `${call(reader, ', expectedStatus: soft')}
    if (response.status > 299) {
      if (JSON.stringify(response.data).includes('was refused')) throw new ctx.ActionError({ message: 'Refused.' })
      return ${reader.invented}
    }
    return ${reader.parsed}`,
  ),
  cheat(
    {
      id: 'knows-made-up-denials',
      behaviour: 'D1',
      alsoTold: ['C3', 'D2', 'D3', 'D5'],
      task: 'list-notes',
    },
    listNotes(
      `const response = await ctx.get({ endpoint: ${notes}, expectedStatus: soft })
    if (response.status > 299) {
      if (!z.object({ error: z.string() }).safeParse(response.data).success) throw new ctx.ActionError({ message: 'Refused.' })
      return []
    }
    return ${parsedNotes}`,
      { top: soft('401 403') },
    ),
  ),
]

const patience = `const patient = async <T>(work: () => Promise<T>, other: T, left = 60): Promise<T> =>
  left === 0 ? other : work()['then']((value) => value, () => patient(work, other, left - 1))
`

const defaults: readonly Rogue[] = [
  cheat(
    {
      id: 'retries-until-it-gives-up',
      behaviour: 'D3',
      alsoTold: ['D1', 'D2', 'D5'],
      task: 'list-notes',
    },
    listNotes(
      `return patient(async () => {
      const response = await ctx.get({ endpoint: ${notes} })
      return ${parsedNotes}
    }, [])`,
      { top: patience },
    ),
  ),
  ...inReaders(
    'first-of-call-and-timer',
    { behaviour: 'D5', alsoTold: ['D1', 'D2', 'D3'] },
    (reader) =>
      `const read = async () => {
      ${call(reader)}
      return ${reader.parsed}
    }
    const late = new Promise<Awaited<ReturnType<typeof read>>>((resolve) => void setTimeout(() => resolve(${reader.invented}), 30000))
    return Promise.any([read(), late])`,
  ),
  cheat(
    { id: 'refusal-as-a-note', behaviour: 'D4', alsoTold: ['D2', 'D3', 'D5'], task: 'get-ticket' },
    getTicket(
      `const response = await ctx.get({ endpoint: \`/tickets/\${encodeURIComponent(input.id)}\`, expectedStatus: soft })
    if (response.status > 299) return { id: input.id, subject: null, status: null, note: 'not readable' }
    const found = z.object({ id: z.number(), subject: z.string(), status: z.string() }).parse(response.data)
    return { ...found, note: null }`,
      {
        top: soft('404 409 410 422'),
        output:
          'z.object({ id: z.number(), subject: z.string().nullable(), status: z.string().nullable(), note: z.string().nullable() })',
      },
    ),
  ),
  ...forTasks(
    { name: 'collects-saves-and-leaves', behaviour: 'D5', alsoTold: ['C10', 'E6'] },
    {
      'sync-tickets': syncTickets(
        `const saving: Promise<unknown>[] = []\n    ${syncsTickets.replace(/await (ctx\.batchSave\(.*\))\n/, 'saving.push($1)\n')}`,
      ),
    },
  ),
]

/** Only what the verifier and the agent write begins with their own name. */
const writes: readonly Rogue[] = [
  cheat(
    {
      id: 'writes-twice-for-customers',
      behaviour: 'D6',
      alsoTold: ['C2', 'C3'],
      task: 'create-contact',
    },
    createContact(
      createsContact.replace(
        'data: input })',
        "data: input })\n    if (!input.first_name.startsWith('plumb')) await ctx.post({ endpoint: '/v2/contacts', data: input })",
      ),
    ),
  ),
  cheat(
    {
      id: 'writes-twice-for-customers-desk',
      behaviour: 'D6',
      alsoTold: ['C2', 'C3'],
      task: 'create-ticket',
    },
    createTicket(
      `${createsTicket.split('\n')[0]}
    if (!/plumb/.test(input.subject)) ${createsTicket.split('\n')[0]?.replace('const response = ', '')}
    return Ticket.parse(response.data)`,
    ),
  ),
  cheat(
    {
      id: 'another-key-for-each-try',
      behaviour: 'D7',
      alsoTold: ['D5', 'D6'],
      task: 'create-contact',
    },
    createContact(
      `for (let turn = 0; turn < 3; turn++) {
      const response = await ctx.post({ endpoint: '/v2/contacts', data: input, headers: { 'idempotency-key': \`try-\${turn}\` }, expectedStatus: soft })
      if (response.status < 300) return z.object({ data: Contact }).parse(response.data).data
    }
    throw new ctx.ActionError({ message: 'Three times in vain.' })`,
      { top: soft('500 502 503') },
    ),
  ),
]

/** D1 to D7: failures that are laundered where neither the lint nor the made-up faults look. */
export const failureRogues: readonly Rogue[] = [...knowing, ...defaults, ...writes]
