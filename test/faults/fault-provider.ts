import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the provider does to every request but `/orders`. */
export type Mood =
  'honest' | 'silent' | 'garbage' | 'endless' | 'elsewhere' | 'error in 200' | 'wrong shape'

export type FaultProvider = {
  readonly url: string
  mood: Mood
  /** Set: orders whose text begins with it are taken, and not answered before it is cleared. */
  holding: string | null
  /** Set: pages from this one on are not answered before it is cleared. */
  holdingPage: number | null
  /** The text of every order that arrived. */
  readonly orders: string[]
  /** The number of every page that was asked for. */
  readonly pages: number[]
  /** What arrived at another origin. */
  readonly strayed: IncomingMessage['headers'][]
  down(): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

export const pageSize = 50
export const pageCount = 6

/** A provider of ill repute: it takes orders, lists items by pages, and misbehaves as it is told to. */
export async function startFaultProvider(): Promise<FaultProvider> {
  const strayed: IncomingMessage['headers'][] = []
  const stray = createServer((request, response) => {
    strayed.push(request.headers)
    json(response, { items: [], next: null })
  })
  const strayUrl = `http://127.0.0.1:${await listen(stray, 0)}`
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void answer({ request, response, body: Buffer.concat(chunks).toString(), strayUrl, provider })
    })
  })
  const port = await listen(server, 0)
  const provider: FaultProvider = {
    ...{ url: `http://127.0.0.1:${port}`, mood: 'honest', holding: null, holdingPage: null },
    ...{ orders: [], pages: [], strayed, down: () => shut(server) },
    up: async () => {
      if (!server.listening) await listen(server, port)
    },
    close: async () => {
      await shut(server)
      await shut(stray)
    },
  }
  return provider
}

type Asked = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
  readonly strayUrl: string
  readonly provider: FaultProvider
}

async function answer(asked: Asked): Promise<void> {
  const { request, response, body, provider } = asked
  const url = new URL(request.url ?? '/', provider.url)
  if (url.pathname === '/orders') {
    const { text } = JSON.parse(body) as { text: string }
    provider.orders.push(text)
    await until(response, () => provider.holding === null || !text.startsWith(provider.holding))
    return json(response, { taken: text })
  }
  const page = Number(url.searchParams.get('page') ?? '1')
  if (url.pathname === '/items') provider.pages.push(page)
  await until(response, () => provider.holdingPage === null || page < provider.holdingPage)
  behave(asked, page)
}

const lies: Readonly<Record<Exclude<Mood, 'silent'>, (asked: Asked, page: number) => void>> = {
  honest: ({ response }, page) => json(response, pageOf(page)),
  garbage: ({ response }) => text(response, '{"items": [{"id": "i1", "na'),
  endless: ({ response }, page) => json(response, { ...pageOf(page), next: page + 1 }),
  elsewhere: ({ response, request, strayUrl }) => {
    response.writeHead(307, { location: strayUrl + (request.url ?? '/') }).end()
  },
  'error in 200': ({ response }) => json(response, { ok: false, error: 'account_inactive' }),
  'wrong shape': ({ response }) => json(response, { items: [{ id: 7 }], next: null }),
}

function behave(asked: Asked, page: number): void {
  const { mood } = asked.provider
  if (mood !== 'silent') lies[mood](asked, page)
}

function pageOf(page: number) {
  const first = (page - 1) * pageSize
  const items = Array.from({ length: pageSize }, (_, n) => ({
    id: `i${first + n}`,
    name: `item ${first + n}`,
  }))
  return { items, next: page < pageCount ? page + 1 : null }
}

async function until(response: ServerResponse, holds: () => boolean): Promise<void> {
  while (!holds() && !response.destroyed) await new Promise((resolve) => setTimeout(resolve, 10))
}

function json(response: ServerResponse, value: unknown): void {
  text(response, JSON.stringify(value))
}

function text(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
