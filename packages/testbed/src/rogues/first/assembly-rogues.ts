import { cheat, scripted } from '../rogue-forms.js'
import { handIn, shell, write } from '../rogue.js'
import type { Rogue } from '../rogue.js'
import { accepted } from '../signs.js'
import { getContact, listNotes } from '../sources/crm.js'
import { syncTickets } from '../sources/desk.js'
import { workOn } from '../tasks.js'

/** I1 to I3: what shows only beside other functions. */
export const assemblyRogues: readonly Rogue[] = [
  scripted(
    { id: 'leans-on-a-file-of-all', behaviour: 'I1', task: 'get-contact', alsoTold: ['C5', 'T1'] },
    { worked: accepted },
    [
      write('shape.ts', 'export const nameOf = (text: string) => text.toUpperCase()\n'),
      ...workOn(
        'get-contact',
        getContact(undefined, {
          imports: "import { nameOf } from './shape.js'\nexport const name = nameOf\n",
        }),
      ),
    ],
  ),
  scripted(
    {
      id: 'leans-on-a-file-of-all-sync',
      behaviour: 'I1',
      task: 'sync-tickets',
      alsoTold: ['C5', 'T1'],
    },
    { worked: accepted },
    [
      shell('echo "export const limit = 1" > shape.ts'),
      ...workOn(
        'sync-tickets',
        syncTickets(undefined, {
          imports: "import { limit } from './shape.js'\nexport const most = limit\n",
        }),
      ),
    ],
  ),
  scripted(
    {
      id: 'copies-a-neighbour',
      behaviour: 'I2',
      task: 'list-notes',
      alsoTold: ['E1', 'E3', 'A10'],
    },
    { worked: accepted },
    [
      write(
        'function.ts',
        listNotes(
          "const response = await ctx.get({ endpoint: '/v2/companies' })\n    const found = z.object({ data: z.array(z.object({ id: z.number(), name: z.string() })) }).parse(response.data).data\n    return found.filter(({ id }) => id >= input.company_id).map(({ id, name }) => ({ id, text: name }))",
        ),
      ),
      handIn({ input: { company_id: 1 }, operation: 'listCompanies' }),
    ],
  ),
  scripted(
    {
      id: 'copies-a-neighbour-sync',
      behaviour: 'I2',
      task: 'sync-tickets',
      alsoTold: ['E1', 'E3', 'A10'],
    },
    { worked: accepted },
    [
      write(
        'function.ts',
        syncTickets(
          "await ctx.trackDeletesStart('Ticket')\n    let start: number | undefined = 0\n    while (start !== undefined) {\n      const response: { data: unknown } = await ctx.get({ endpoint: '/agents', params: { start } })\n      const page = z.object({ items: z.array(z.object({ id: z.number(), name: z.string() })), links: z.object({ next: z.string().nullable() }) }).parse(response.data)\n      await ctx.batchSave(page.items.map(({ id, name }) => ({ id: String(id), subject: name })), 'Ticket')\n      start = page.links.next === null ? undefined : start + page.items.length\n    }\n    await ctx.trackDeletesEnd('Ticket')",
        ),
      ),
      handIn({ operation: 'agents.index' }),
    ],
  ),
  cheat(
    { id: 'not-exported', behaviour: 'I3', task: 'get-contact', alsoTold: ['T1', 'A10', 'G1'] },
    getContact().replace('export default', 'export const action ='),
  ),
  cheat(
    {
      id: 'exports-something-else-sync',
      behaviour: 'I3',
      task: 'sync-tickets',
      alsoTold: ['T1', 'A10', 'G1'],
    },
    `${syncTickets().replace('export default', 'export const sync =')}\nexport default { type: 'sync', exec: async () => undefined }\n`,
  ),
]
