import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type ListApi = {
  readonly url: string
  /** How often each page was asked for, by the place it starts at. */
  readonly asked: Map<number, number>
  /** The addresses of those requests, in their order. */
  readonly urls: string[]
  /** What the provider does; change it while it runs. */
  readonly mood: {
    /** Answers pages with this status instead. */
    status: number | null
    /** What the provider says with that. */
    reason: string
    /** The status of the account itself, `/me`. */
    account: number
    delayMs: number
    /** The last page is followed by another one for ever. */
    endless: boolean
  }
  /** Holds back the answers of pages that start at `from` or later, until the returned function is called. */
  hold(from: number): () => void
  close(): Promise<void>
}

/** A provider with a list of `count` items in pages: `/items?limit=100&after=200`. */
export async function startListApi(count: number): Promise<ListApi> {
  const asked = new Map<number, number>()
  const urls: string[] = []
  let gate = { from: Infinity, opened: Promise.resolve() }
  const mood: ListApi['mood'] = {
    ...{ status: null, reason: 'no', account: 200 },
    ...{ delayMs: 0, endless: false },
  }
  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    if (url.pathname === '/me') return void response.writeHead(mood.account).end('{}')
    const after = Number(url.searchParams.get('after') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 100)
    urls.push(url.pathname + url.search)
    asked.set(after, (asked.get(after) ?? 0) + 1)
    if (mood.delayMs > 0) await sleep(mood.delayMs)
    if (after >= gate.from) await gate.opened
    response.setHeader('content-type', 'application/json')
    if (mood.status !== null) {
      response.statusCode = mood.status
      return void response.end(JSON.stringify({ error: mood.reason }))
    }
    const end = Math.min(after + limit, count)
    const next = end < count ? end : mood.endless ? end + 1 : null
    const items = Array.from({ length: Math.max(0, end - after) }, (_, n) => itemOf(after + n))
    response.end(JSON.stringify({ items, next }))
  }
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '', 'http://list'), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    urls,
    mood,
    hold(from) {
      let open = (): void => undefined
      gate = { from, opened: new Promise((resolve) => (open = resolve)) }
      return () => open()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function itemOf(n: number): { id: string; name: string } {
  return { id: `item-${n}`, name: `Item ${n}` }
}

/** A sync of that list that saves a checkpoint after every page. */
export function listSync(o: { limit: number; frequency?: string; more?: string }): string {
  return `
    const { createSync } = require('nango'); const z = require('zod')
    module.exports.default = createSync({ description: 'Items', frequency: '${o.frequency ?? 'every hour'}',
      ${o.more ?? ''}
      models: { Item: z.object({ id: z.string(), name: z.string() }) }, checkpoint: z.object({ after: z.number() }),
      exec: async (ctx) => {
        let after = (await ctx.getCheckpoint())?.after ?? 0
        for (;;) {
          const { data } = await ctx.get({ endpoint: '/items', params: { limit: ${o.limit}, after }, retries: 0 })
          await ctx.batchSave(data.items, 'Item')
          if (data.next === null) break
          after = data.next
          await ctx.saveCheckpoint({ after })
        }
        await ctx.clearCheckpoint()
      } })`
}
