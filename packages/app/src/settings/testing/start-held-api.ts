import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A provider that answers `/held` only when it is let go, lists four slow pages, and has a rate limit that is spent. */
export type HeldApi = {
  readonly url: string
  /** Requests for `/held` that wait now, by token. */
  readonly waiting: Map<string, number>
  /** Requests for `/limited` that arrived, by token. */
  readonly limited: Map<string, number>
  /** Answers what waits, and all that comes before `hold`. */
  release(): void
  hold(): void
  close(): Promise<void>
}

const pages = 4
const pageMs = 400
const spent = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' }

export async function startHeldApi(): Promise<HeldApi> {
  const waiting = new Map<string, number>()
  const limited = new Map<string, number>()
  const count = (counts: Map<string, number>, token: string, by: number): void =>
    void counts.set(token, (counts.get(token) ?? 0) + by)
  let held = true
  const answer = async (url: URL, token: string, response: ServerResponse): Promise<void> => {
    if (url.pathname === '/held') {
      count(waiting, token, 1)
      while (held && !response.destroyed) await sleep(10)
      count(waiting, token, -1)
    }
    if (url.pathname === '/limited') count(limited, token, 1)
    if (url.pathname === '/page') await sleep(pageMs)
    const page = Number(url.searchParams.get('page') ?? pages)
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(url.pathname === '/limited' && spent),
    })
    const more = url.pathname === '/page' && page < pages
    response.end(JSON.stringify({ next: more ? page + 1 : null }))
  }
  const server = createServer((request, response) => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '')
    void answer(new URL(request.url ?? '/', 'http://held'), token, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting, limited },
    release: () => (held = false),
    hold: () => (held = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
