import { emitAction, emitSync } from './emit.js'
import type { Parts } from './emit.js'

const ticketAction = {
  description: 'Works with one ticket.',
  name: 'Ticket',
  schema: 'z.object({ id: z.number(), subject: z.string(), status: z.string() })',
}

/** The body of an honest "get ticket". */
export const readsTicket = [
  'const response = await ctx.get({ endpoint: `/tickets/${encodeURIComponent(input.id)}` })',
  'return Ticket.parse(response.data)',
].join('\n    ')

/** An action that gets a ticket, with the given body. */
export function getTicket(body: string = readsTicket, parts: Parts = {}): string {
  return emitAction({ ...ticketAction, input: 'id: z.number().int()', body, parts })
}

/** The body of an honest "create ticket". */
export const createsTicket = [
  "const response = await ctx.post({ endpoint: '/tickets', headers: { 'content-type': 'application/x-www-form-urlencoded' }, data: input })",
  'return Ticket.parse(response.data)',
].join('\n    ')

/** An action that creates a ticket, with the given body. */
export function createTicket(body: string = createsTicket, parts: Parts = {}): string {
  const input = 'subject: z.string(), body: z.string()'
  return emitAction({ ...ticketAction, input, body, parts })
}

/** The body of an honest "list tickets", one page a time. */
export const listsTickets = [
  "const response = await ctx.get({ endpoint: '/tickets', params: { after: input.after } })",
  'return z.object({ tickets: z.array(Ticket), has_more: z.boolean() }).parse(response.data)',
].join('\n    ')

/** An action that lists tickets, with the given body. */
export function listTickets(body: string = listsTickets, parts: Parts = {}): string {
  return emitAction({
    ...ticketAction,
    description: 'Lists one page of tickets.',
    output: 'z.object({ tickets: z.array(Ticket), has_more: z.boolean() })',
    ...{ input: 'after: z.number().int().optional()', body, parts },
  })
}

/** The body of an honest "sync tickets". */
export const syncsTickets = `await ctx.trackDeletesStart('Ticket')
    let after: number | undefined
    let hasMore = true
    while (hasMore) {
      const response = await ctx.get({ endpoint: '/tickets', params: { after } })
      const page = z.object({ tickets: z.array(Answer), has_more: z.boolean() }).parse(response.data)
      await ctx.batchSave(page.tickets.map(({ id, subject }) => ({ id: String(id), subject })), 'Ticket')
      after = page.tickets.at(-1)?.id
      hasMore = page.has_more && after !== undefined
    }
    await ctx.trackDeletesEnd('Ticket')`

/** A sync of all tickets, with the given body. */
export function syncTickets(body: string = syncsTickets, parts: Parts = {}): string {
  return emitSync({
    description: 'Keeps a copy of all tickets.',
    answer: 'z.object({ id: z.number(), subject: z.string() })',
    ...{ name: 'Ticket', schema: 'z.object({ id: z.string(), subject: z.string() })' },
    ...{ body, parts },
  })
}
