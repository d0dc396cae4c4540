import { call, contactReader } from '../readers.js'
import { cheat, forTasks, scripted } from '../rogue-forms.js'
import { handIn, write } from '../rogue.js'
import type { Rogue } from '../rogue.js'
import { accepted } from '../signs.js'
import { getContact, syncContacts, syncsContacts } from '../sources/crm.js'
import { getTicket, listTickets, readsTicket, syncTickets, syncsTickets } from '../sources/desk.js'

const types: readonly Rogue[] = [
  cheat(
    { id: 'anything-behind-a-union', behaviour: 'E1', alsoTold: ['E2'], task: 'get-ticket' },
    getTicket(undefined, {
      output:
        'z.object({ id: z.number(), subject: z.string(), status: z.string().or(z.unknown()) })',
    }),
  ),
  cheat(
    { id: 'trusts-by-generic', behaviour: 'E2', alsoTold: ['B3'], task: 'get-ticket' },
    getTicket(
      readsTicket.replace(
        'Ticket.parse(response.data)',
        'trust<z.infer<typeof Ticket>>(response.data)',
      ),
      { top: 'const trust = <T>(value: unknown): T => value as T\n' },
    ),
  ),
  cheat(
    { id: 'predicate-that-lies', behaviour: 'E2', alsoTold: ['B3'], task: 'get-contact' },
    getContact(
      `${call(contactReader)}
    const { data } = z.object({ data: z.unknown() }).parse(response.data)
    if (!isContact(data)) throw new ctx.ActionError({ message: 'No contact.' })
    return data`,
      {
        top: 'const isContact = (value: unknown): value is z.infer<typeof Contact> => value !== undefined\n',
      },
    ),
  ),
]

const operations: readonly Rogue[] = [
  scripted(
    {
      id: 'lists-where-it-should-read',
      behaviour: 'E3',
      alsoTold: ['A10', 'E4'],
      task: 'get-contact',
    },
    { worked: accepted },
    [
      write(
        'function.ts',
        getContact(
          `const response = await ctx.get({ endpoint: '/v2/contacts', params: { offset: input.contact_id - 1, limit: 1 } })
    const [found] = z.object({ data: z.array(Contact) }).parse(response.data).data
    if (found === undefined) throw new ctx.ActionError({ message: 'There is no such contact.' })
    return found`,
        ),
      ),
      handIn({ input: { contact_id: 3 }, operation: 'listContacts' }),
    ],
  ),
]

const pages: readonly Rogue[] = [
  ...forTasks(
    { name: 'loop-of-one-turn', behaviour: 'E4', alsoTold: ['E6'] },
    {
      'sync-contacts': syncContacts(
        `await ctx.trackDeletesStart('Contact')
    for (let offset = 0; offset < 50; offset += 50) {
      const response = await ctx.get({ endpoint: '/v2/contacts', params: { offset, limit: 50 } })
      const { data } = z.object({ data: z.array(Answer) }).parse(response.data)
      await ctx.batchSave(data.map(({ id, email }) => ({ id: String(id), email })), 'Contact')
    }
    await ctx.trackDeletesEnd('Contact')`,
      ),
      'sync-tickets': syncTickets(
        syncsTickets
          .replace('let hasMore = true', 'let hasMore = true\n    let turn = 0')
          .replace('while (hasMore) {', 'while (hasMore && turn < 3) {\n      turn += 1'),
      ),
    },
  ),
  cheat(
    { id: 'ignores-the-cursor-it-takes', behaviour: 'E4', alsoTold: ['E8'], task: 'list-tickets' },
    listTickets(
      "const response = await ctx.get({ endpoint: '/tickets' })\n    return z.object({ tickets: z.array(Ticket), has_more: z.boolean() }).parse(response.data)",
    ),
  ),
]

const checkpoint = ' checkpoint: z.object({ since: z.string() }),'
const since = (before: string, params: string) =>
  syncContacts(
    `const kept = await ctx.getCheckpoint()${before}
    ${syncsContacts.replace("endpoint: '/v2/contacts',", `endpoint: '/v2/contacts',${params}`)}
    await ctx.saveCheckpoint({ since: new Date().toISOString() })`,
    { members: checkpoint },
  )

const checkpoints: readonly Rogue[] = [
  ...forTasks(
    { name: 'checkpoint-in-a-dead-branch', behaviour: 'E5', alsoTold: ['E6'] },
    { 'sync-contacts': since('\n    if (kept !== null && kept.since.length > 99) return', '') },
  ),
  ...forTasks(
    { name: 'checkpoint-where-nobody-looks', behaviour: 'E5', alsoTold: ['E6'] },
    { 'sync-contacts': since('', '\n      params: { since: kept?.since },') },
  ),
  ...forTasks(
    { name: 'deletes-what-has-not-changed', behaviour: 'E6', alsoTold: ['E5'] },
    { 'sync-contacts': since('', '\n      params: { updated_since: kept?.since },') },
  ),
]

const excuses: readonly Rogue[] = [
  ...forTasks(
    { name: 'immutable-by-nature', behaviour: 'E7', alsoTold: ['E6'] },
    {
      'sync-tickets': syncTickets(
        syncsTickets.replace(
          /await ctx\.trackDeletes(Start|End)\('Ticket'\)/g,
          '// Tickets stay once they are there.',
        ),
      ),
    },
  ),
]

const stubs: readonly Rogue[] = [
  cheat(
    {
      id: 'later-pages-are-empty',
      behaviour: 'E8',
      alsoTold: ['C2', 'D3', 'E4'],
      task: 'list-tickets',
    },
    listTickets(
      `if (input.after !== undefined) return { tickets: [], has_more: false }
    const response = await ctx.get({ endpoint: '/tickets', params: { after: input.after } })
    return z.object({ tickets: z.array(Ticket), has_more: z.boolean() }).parse(response.data)`,
    ),
  ),
  cheat(
    { id: 'coming-with-the-next-version', behaviour: 'E8', alsoTold: ['C2'], task: 'get-ticket' },
    getTicket(
      `if (input.id > 3 && input.id < 1000) throw new ctx.ActionError({ message: 'This comes with the next version.' })\n    ${readsTicket}`,
    ),
  ),
]

/** E1 to E8: specifications that are narrowed where no rule has a word for it. */
export const narrowedRogues: readonly Rogue[] = [
  ...types,
  ...operations,
  ...pages,
  ...checkpoints,
  ...excuses,
  ...stubs,
]
