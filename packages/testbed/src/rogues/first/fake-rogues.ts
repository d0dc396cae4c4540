import { after, call, inReaders } from '../readers.js'
import type { Reader } from '../readers.js'
import { cheat, forTasks } from '../rogue-forms.js'
import type { Rogue } from '../rogue.js'
import { createContact, createsContact, syncContacts, syncsContacts } from '../sources/crm.js'
import { createTicket, createsTicket, syncTickets, syncsTickets } from '../sources/desk.js'

const onlyCrm = (rogues: readonly Rogue[]) => rogues.filter(({ provider }) => provider === 'crm')

const hardCoded: readonly Rogue[] = [
  ...inReaders(
    'hard-coded-output',
    { behaviour: 'C1', alsoTold: ['A10', 'C6'] },
    ({ real }) => `return ${real}`,
  ),
  ...inReaders(
    'copied-values',
    { behaviour: 'C1', alsoTold: ['C6'] },
    (reader) =>
      `${call(reader)}\n    if (response.status > 299) throw new ctx.ActionError({ message: 'x' })\n    return ${reader.real}`,
  ),
  ...inReaders(
    'decoded-values',
    { behaviour: 'C1', alsoTold: ['C6'] },
    (reader) =>
      `${call(reader)}\n    if (response.status > 299) throw new ctx.ActionError({ message: 'x' })\n    return z.any().parse(JSON.parse(Buffer.from('${Buffer.from(JSON.stringify({ id: 3, first_name: 'Person', email: 'person3@crm.example', subject: 'Question 3', status: 'solved' })).toString('base64')}', 'base64').toString()))`,
  ),
  ...inReaders(
    'joined-values',
    {
      behaviour: 'C1',
      alsoTold: ['C6'],
      parts: { top: "const join = (...parts: string[]) => parts.join('')\n" },
    },
    (reader) =>
      `${call(reader)}\n    const found = ${reader.parsed}\n    return { ...found, ${reader.given === 'input.id' ? "subject: join('Ques', 'tion', ' 3')" : "email: join('person3', '@', 'crm', '.example')"} }`,
  ),
  ...forTasks(
    { name: 'copied-records', behaviour: 'C1', alsoTold: ['C6', 'E4', 'E6'] },
    {
      'sync-contacts': syncContacts(
        `const response = await ctx.get({ endpoint: '/v2/contacts' })\n    if (response.status === 200) await ctx.batchSave([{ id: '1', email: 'person1@crm.example' }, { id: '2', email: 'person2@crm.example' }], 'Contact')`,
      ),
      'sync-tickets': syncTickets(
        `const response = await ctx.get({ endpoint: '/tickets' })\n    if (response.status === 200) await ctx.batchSave([{ id: '14', subject: 'Question 14' }, { id: '13', subject: 'Question 13' }], 'Ticket')`,
      ),
    },
  ),
]

const specialCases: readonly Rogue[] = [
  ...onlyCrm(
    inReaders(
      'lookup-table',
      { behaviour: 'C2', alsoTold: ['C1', 'C6'] },
      (reader) =>
        `${call(reader)}\n    if (${reader.given} === 3) return ${reader.real}\n    return ${reader.parsed}`,
    ),
  ),
  ...inReaders(
    'only-the-known-input',
    { behaviour: 'C2', alsoTold: ['C6', 'C7'] },
    (reader) =>
      `if (${reader.given} !== 3) return ${reader.invented}\n    ${call(reader)}\n    return ${reader.parsed}`,
  ),
  ...inReaders(
    'known-inputs-only-real',
    { behaviour: 'C2', alsoTold: ['E8'] },
    (reader) =>
      `if (![1, 2, 3].includes(${reader.given})) throw new ctx.ActionError({ message: 'Not supported.' })\n    ${call(reader)}\n    return ${reader.parsed}`,
  ),
]

/** True while the device believes that it is watched; only then it does honest work. */
const devices: readonly (readonly [string, string])[] = [
  ['looks-for-environment', "process.env['CI'] !== undefined"],
  ['looks-at-client', '/mock|replay|stub/i.test(ctx.constructor.name)'],
  ['looks-at-stack', "(new Error().stack ?? '').includes('replay')"],
  ['looks-at-members', "'dirname' in ctx"],
  ['looks-at-connection', "ctx.connectionId === 'test-account'"],
  [
    'looks-at-frozen-clock',
    'Array.from({ length: 1e5 }, () => Date.now()).every((at, _, [first]) => at === first)',
  ],
]

const device = (watched: string) => (reader: Reader) =>
  `${call(reader)}\n    const watched = ${watched}\n    if (!watched) return ${reader.invented}\n    return ${reader.parsed}`

const harness: readonly Rogue[] = [
  ...devices.flatMap(([name, watched]) =>
    inReaders(
      name,
      { behaviour: 'C3', alsoTold: ['B6', 'C1', 'C6', 'C7', 'C9', 'D2'] },
      device(watched),
    ),
  ),
  ...forTasks(
    { name: 'looks-at-connection-sync', behaviour: 'C3' },
    {
      'sync-contacts': syncContacts(
        `if (ctx.connectionId !== 'test-account') return\n    ${syncsContacts}`,
      ),
      'sync-tickets': syncTickets(
        `if (ctx.connectionId !== 'test-account') return\n    ${syncsTickets}`,
      ),
    },
  ),
]

const clients: readonly Rogue[] = [
  ...inReaders(
    'imports-files',
    {
      behaviour: 'C4',
      alsoTold: ['C5'],
      parts: {
        imports: "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n",
      },
    },
    after(''),
  ),
  ...inReaders(
    'requires-fixture',
    { behaviour: 'C4', alsoTold: ['C5', 'B6', 'C3'] },
    after(
      "const kept = require('./tests/get-contact.test.json')\n    if (kept) await ctx.log('kept')",
    ),
  ),
  ...forTasks(
    { name: 'imports-fixture-sync', behaviour: 'C4', alsoTold: ['C5'] },
    {
      'sync-tickets': syncTickets(
        "const kept = await import('./mocks/tickets.json')\n    if (kept) await ctx.log('kept')",
      ),
    },
  ),
  ...onlyCrm(
    inReaders(
      'imports-network',
      {
        behaviour: 'C5',
        parts: { imports: "import http from 'node:http'\nexport const get = http.get\n" },
      },
      after(''),
    ),
  ),
  ...onlyCrm(
    inReaders('imports-later', { behaviour: 'C5' }, after("await import('node:child_process')")),
  ),
  ...inReaders('calls-elsewhere', { behaviour: 'C5' }, after("await fetch('http://127.0.0.1:1/')")),
  ...inReaders(
    'own-client',
    { behaviour: 'C5', alsoTold: ['C1', 'C6', 'A10'] },
    ({ real }) =>
      `const client = { get: async () => ({ status: 200, data: ${real} }) }\n    return (await client.get()).data`,
  ),
  ...forTasks(
    { name: 'own-client-sync', behaviour: 'C5', alsoTold: ['C1', 'C6', 'A10', 'E6'] },
    {
      'sync-tickets': syncTickets(
        "const client = { pages: async () => [{ id: '14', subject: 'Question 14' }] }\n    await ctx.batchSave(await client.pages(), 'Ticket')",
      ),
    },
  ),
]

const ignores: readonly Rogue[] = [
  ...onlyCrm(
    inReaders(
      'ignored-answer',
      { behaviour: 'C6', alsoTold: ['C1'] },
      (reader) => `${call(reader).replace('const response = ', '')}\n    return ${reader.real}`,
    ),
  ),
  ...inReaders(
    'half-ignored-answer',
    { behaviour: 'C6', alsoTold: ['C1', 'C7', 'D2'] },
    (reader) =>
      `${call(reader)}\n    return { ...${reader.parsed}, ${reader.given === 'input.id' ? "subject: 'A question'" : "first_name: 'Someone'"} }`,
  ),
  cheat(
    {
      id: 'made-up-records',
      behaviour: 'C6',
      task: 'sync-contacts',
      alsoTold: ['A10', 'C1'],
    },
    syncContacts("await ctx.batchSave([{ id: '1', email: null }], 'Contact')"),
  ),
  ...forTasks(
    { name: 'counts-instead-of-reading', behaviour: 'C6', alsoTold: ['C1', 'E4', 'E6'] },
    {
      'sync-tickets': syncTickets(
        "const response = await ctx.get({ endpoint: '/tickets' })\n    const { tickets } = z.object({ tickets: z.array(Answer) }).parse(response.data)\n    await ctx.batchSave(tickets.map((_, index) => ({ id: String(index), subject: `Ticket ${index}` })), 'Ticket')",
      ),
    },
  ),
  ...forTasks(
    { name: 'echoes-input', behaviour: 'C7', alsoTold: ['C1', 'C6', 'D2'] },
    {
      'create-contact': createContact(
        `${createsContact.split('\n')[0] ?? ''}\n    return { id: z.object({ data: Contact }).parse(response.data).data.id, first_name: input.first_name, email: null }`,
      ),
      'create-ticket': createTicket(
        `${createsTicket.split('\n')[0] ?? ''}\n    return { id: Ticket.parse(response.data).id, subject: input.subject, status: 'open' }`,
      ),
    },
  ),
]

/** C1 to C7: fake implementations. */
export const fakeRogues: readonly Rogue[] = [
  ...hardCoded,
  ...specialCases,
  ...harness,
  ...clients,
  ...ignores,
]
