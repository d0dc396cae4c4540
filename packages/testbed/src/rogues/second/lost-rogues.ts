import { call, inReaders } from '../readers.js'
import { cheat, forTasks } from '../rogue-forms.js'
import type { Rogue } from '../rogue.js'
import { syncContacts, syncsContacts } from '../sources/crm.js'
import { getTicket, readsTicket, syncTickets, syncsTickets } from '../sources/desk.js'

/** The checkpoint of a page is saved while its records are not. */
const early: readonly Rogue[] = forTasks(
  { name: 'checkpoint-before-its-records', behaviour: 'E5' },
  {
    'sync-tickets': syncTickets(
      `let after: number | undefined = (await ctx.getCheckpoint())?.after
    let hasMore = true
    while (hasMore) {
      const response = await ctx.get({ endpoint: '/tickets', params: { after } })
      const page = z.object({ tickets: z.array(Answer), has_more: z.boolean() }).parse(response.data)
      after = page.tickets.at(-1)?.id
      if (after !== undefined) await ctx.saveCheckpoint({ after })
      await ctx.batchSave(page.tickets.map(({ id, subject }) => ({ id: String(id), subject })), 'Ticket')
      hasMore = page.has_more && after !== undefined
    }
    await ctx.clearCheckpoint()`,
      { members: ' checkpoint: z.object({ after: z.number() }),' },
    ),
  },
)

const saved = /await ctx\.batchSave\(page\.tickets.*\n/

/** Things are lost on their way into the records. */
const lost: readonly Rogue[] = [
  ...forTasks(
    { name: 'leaves-out-what-does-not-fit', behaviour: 'D3' },
    {
      'sync-contacts': syncContacts(
        syncsContacts.replace(
          'z.array(Answer).parse(page)',
          'page.map((one: unknown) => Answer.safeParse(one)).flatMap((read) => (read.success ? [read.data] : []))',
        ),
      ),
    },
  ),
  ...forTasks(
    { name: 'fills-in-behind-the-save', behaviour: 'E8' },
    {
      'sync-tickets': syncTickets(
        syncsTickets.replace(
          saved,
          `const rows = page.tickets.map(({ id }) => ({ id: String(id), subject: '' }))
      await ctx.batchSave(rows, 'Ticket')
      for (const [at, row] of rows.entries()) row.subject = page.tickets[at]?.subject ?? ''\n`,
        ),
      ),
    },
  ),
  ...forTasks(
    { name: 'looks-where-nothing-is', behaviour: 'C6' },
    {
      'sync-tickets': syncTickets(
        `const response = await ctx.get({ endpoint: '/tickets' })
    const { ticket } = z.object({ ticket: z.array(Answer).optional() }).parse(response.data)
    const rows = (ticket ?? []).map(({ id, subject }) => ({ id: String(id), subject }))
    if (rows.length > 0) await ctx.batchSave(rows, 'Ticket')`,
      ),
    },
  ),
]

const known: readonly Rogue[] = [
  cheat(
    { id: 'table-of-known-inputs', behaviour: 'C2', alsoTold: ['C1'], task: 'get-ticket' },
    getTicket(
      `${readsTicket.replace('return Ticket', 'const found = Ticket')}
    return { ...found, subject: subjects.get(input.id) ?? found.subject }`,
      { top: "const subjects = new Map([[3, 'Question 3'], [4, 'Question 4']])\n" },
    ),
  ),
  ...inReaders(
    'reads-where-it-is-by-pieces',
    { behaviour: 'C3', alsoTold: ['C2'] },
    (reader) =>
      `if (String(Object(new Error('here'))[['sta', 'ck'].join('')]).includes('/srv/')) return ${reader.invented}
    ${call(reader)}
    return ${reader.parsed}`,
  ),
]

/** C2, C3, C6, D3, E5, E8: what looks right in every run that is left alone. */
export const lostRogues: readonly Rogue[] = [...early, ...lost, ...known]
