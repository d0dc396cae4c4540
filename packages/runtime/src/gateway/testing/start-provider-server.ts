import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type SeenRequest = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Given as an object, a JSON answer; as a function, full control of the response. */
export type Reply =
  | {
      readonly status?: number
      readonly headers?: Record<string, string | string[]>
      readonly body?: unknown
    }
  | ((request: SeenRequest, response: ServerResponse) => void)

export type ProviderServer = {
  readonly url: string
  readonly seen: SeenRequest[]
  /** Answers of one `METHOD /path`, in order; the last one stays. */
  on(route: string, ...replies: Reply[]): void
  reset(): void
  close(): Promise<void>
}

/** A provider on loopback whose answers a test sets; anything else is a 404. */
export async function startProviderServer(): Promise<ProviderServer> {
  const routes = new Map<string, Reply[]>()
  const seen: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
      seen.push(request)
      const replies = routes.get(`${method} ${url.split('?')[0]}`) ?? [{ status: 404, body: {} }]
      answer(replies.length > 1 ? replies.shift() : replies[0], request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (route, ...replies) => routes.set(route, replies),
    reset() {
      routes.clear()
      seen.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(reply: Reply | undefined, request: SeenRequest, response: ServerResponse): void {
  if (typeof reply === 'function') return reply(request, response)
  const { status = 200, headers = {}, body } = reply ?? {}
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
}
