import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Seen = {
  readonly method: string
  readonly url: string
  readonly authorization: string
  readonly body: string
}

export type ProviderServer = {
  readonly url: string
  readonly seen: Seen[]
  /** What `GET /items` answers. */
  items: { readonly id: string; readonly name: string }[]
  close(): Promise<void>
}

/** A small API of somebody else: items to sync, an echo, a slow stream. */
export async function startProvider(): Promise<ProviderServer> {
  const seen: Seen[] = []
  const state = { items: [] as ProviderServer['items'] }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const { method = '', url = '', headers } = request
      seen.push({ method, url, authorization: headers.authorization ?? '', body })
      answer(request, response, { items: state.items, body })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get items() {
      return state.items
    },
    set items(items) {
      state.items = items
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  { items, body }: { readonly items: ProviderServer['items']; readonly body: string },
): void {
  const path = url.split('?')[0]
  if (path === '/stream') return stream(response)
  const json = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (path === '/items' && method === 'GET') return json(200, { items })
  if (path === '/echo') return json(200, { method, url, body })
  json(404, { error: `no ${path}` })
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write('first ')
  setTimeout(() => response.end('second'), 20)
}
