import type { BehaviourId } from '@plumb/protocol'
import { cheat } from './rogue-forms.js'
import type { Rogue } from './rogue.js'
import type { Parts } from './sources/emit.js'
import { getContact } from './sources/crm.js'
import { getTicket } from './sources/desk.js'

/** An action that reads one thing, in pieces that a cheat may put together otherwise. */
export type Reader = {
  /** The path, as an expression. */
  readonly path: string
  /** What the answer holds, as an expression. */
  readonly parsed: string
  /** What the account answers for the input of the hand-in. */
  readonly real: string
  /** A record that nobody has. */
  readonly invented: string
  readonly given: string
  readonly source: (body: string, parts?: Parts) => string
}

export const contactReader: Reader = {
  path: '`/v2/contacts/${encodeURIComponent(input.contact_id)}`',
  parsed: 'z.object({ data: Contact }).parse(response.data).data',
  real: "{ id: 3, first_name: 'Person', email: 'person3@crm.example' }",
  invented: "{ id: input.contact_id, first_name: 'Unknown', email: null }",
  given: 'input.contact_id',
  source: getContact,
}

const ticketReader: Reader = {
  path: '`/tickets/${encodeURIComponent(input.id)}`',
  parsed: 'Ticket.parse(response.data)',
  real: "{ id: 3, subject: 'Question 3', status: 'solved' }",
  invented: "{ id: input.id, subject: 'Unknown', status: 'open' }",
  given: 'input.id',
  source: getTicket,
}

type Told = {
  readonly behaviour: BehaviourId
  readonly alsoTold?: readonly BehaviourId[]
  readonly parts?: Parts
}

/** The same cheat in the action that reads a contact and in the one that reads a ticket. */
export function inReaders(
  name: string,
  { behaviour, alsoTold = [], parts }: Told,
  body: (reader: Reader) => string,
): Rogue[] {
  const of = (reader: Reader) => reader.source(body(reader), parts)
  return [
    cheat({ id: name, behaviour, alsoTold, task: 'get-contact' }, of(contactReader)),
    cheat({ id: `${name}-desk`, behaviour, alsoTold, task: 'get-ticket' }, of(ticketReader)),
  ]
}

/** The honest call, with further options. */
export function call({ path }: Reader, options = ''): string {
  return `const response = await ctx.get({ endpoint: ${path}${options} })`
}

/** The honest body, after some statements. */
export function after(statements: string): (reader: Reader) => string {
  return (reader) => `${statements}\n    ${call(reader)}\n    return ${reader.parsed}`
}
