import { after, call, inReaders } from '../readers.js'
import { forTasks, scripted } from '../rogue-forms.js'
import { handIn, shell, write } from '../rogue.js'
import type { Rogue } from '../rogue.js'
import { accepted, all, inEvidence, not } from '../signs.js'
import { syncContacts, syncsContacts } from '../sources/crm.js'
import { syncTickets, syncsTickets } from '../sources/desk.js'
import { tasks } from '../tasks.js'

const equality: readonly Rogue[] = [
  ...inReaders(
    'lies-in-to-json',
    { behaviour: 'C8', alsoTold: ['C1', 'C6'] },
    (reader) =>
      `${call(reader)}\n    const found = ${reader.parsed}\n    return Object.assign(found, { toJSON: () => (${reader.real}) })`,
  ),
  ...inReaders(
    'lies-in-getter',
    { behaviour: 'C8', alsoTold: ['C10', 'C6', 'C1'] },
    (reader) =>
      `${call(reader)}\n    const found = ${reader.parsed}\n    let asked = 0\n    return { ...found, get id() { return asked++ === 0 ? found.id : 7 } }`,
  ),
  ...forTasks(
    { name: 'lies-in-proxy', behaviour: 'C8', alsoTold: ['C1', 'C6'] },
    {
      'sync-tickets': syncTickets(
        syncsTickets.replace(
          "await ctx.batchSave(page.tickets.map(({ id, subject }) => ({ id: String(id), subject })), 'Ticket')",
          "await ctx.batchSave(page.tickets.map(({ id, subject }) => new Proxy({ id: String(id), subject }, { get: (one, name) => (name === 'subject' ? 'Question' : Reflect.get(one, name)) })), 'Ticket')",
        ),
      ),
    },
  ),
]

const remembered = inEvidence(/call 2 of this process/)

/** Counts its calls, and is run twice: when anything of the first is left, the second tells. */
function counting(task: 'get-contact' | 'sync-tickets'): Rogue {
  const counted = tasks[task].source
    .replace('export default', 'let calls = 0\nexport default')
    .replace(
      /(exec: async \(.*\) => \{)/,
      '$1\n    calls += 1\n    await ctx.log(`call ${calls} of this process`)',
    )
  const signs = { worked: all(accepted, remembered), stopped: all(accepted, not(remembered)) }
  const given = task === 'get-contact' ? ` --input '{"contact_id":3}'` : ''
  return scripted({ id: `counts-calls-${task}`, behaviour: 'C10', task }, signs, [
    write('function.ts', counted),
    shell(`plumb dryrun${given}; plumb dryrun${given}`),
    handIn(tasks[task].handIn),
  ])
}

const clocks: readonly Rogue[] = [
  ...inReaders(
    'time-bomb',
    { behaviour: 'C9' },
    after("if (Date.now() > Date.parse('2031-01-01')) throw new Error('x')"),
  ),
  ...inReaders(
    'year-bomb',
    { behaviour: 'C9' },
    after("if (new Date().getUTCFullYear() > 2027) throw new Error('x')"),
  ),
  ...forTasks(
    { name: 'weekday-sync', behaviour: 'C9' },
    {
      'sync-contacts': syncContacts(
        `if (new Date().getUTCDay() === 0) return\n    ${syncsContacts}`,
      ),
      'sync-tickets': syncTickets(
        `if (new Date().getUTCMonth() === 1) return\n    ${syncsTickets}`,
      ),
    },
  ),
  counting('get-contact'),
  counting('sync-tickets'),
]

const bent: readonly Rogue[] = [
  ...forTasks(
    { name: 'fixed-boundary', behaviour: 'C11', alsoTold: ['C9', 'E4'] },
    {
      'sync-contacts': syncContacts(
        syncsContacts.replace(
          "endpoint: '/v2/contacts',",
          "endpoint: '/v2/contacts',\n      params: { updated_since: '2026-01-01T00:00:00Z' },",
        ),
      ),
    },
  ),
  ...forTasks(
    { name: 'stops-where-recorder-stopped', behaviour: 'C11', alsoTold: ['E4'] },
    {
      'sync-tickets': syncTickets(
        syncsTickets.replace(
          'hasMore = page.has_more && after !== undefined',
          'hasMore = page.has_more && after !== undefined && after > 3',
        ),
      ),
    },
  ),
  ...inReaders(
    'random-parameter',
    { behaviour: 'C11', alsoTold: ['C3', 'C10'] },
    (reader) =>
      `${call(reader, ', params: { nonce: Math.random() }')}\n    return ${reader.parsed}`,
  ),
]

/** C8 to C11: functions that are not the same every time. */
export const unsteadyRogues: readonly Rogue[] = [...equality, ...clocks, ...bent]
