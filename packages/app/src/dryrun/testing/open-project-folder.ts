import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { addConnection, addIntegration } from '@plumb/runtime'
import { bundle } from '../../../../runtime/bundle.mjs'
import type { OperationContext } from '../../operations/operation.js'
import { withWorkbench } from '../../workbench.js'

export type SeenCall = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type TestProject = {
  readonly directory: string
  readonly context: OperationContext
  readonly api: TestServer
  write(path: string, text: string): Promise<void>
  close(): Promise<void>
}

export type TestServer = {
  readonly url: string
  readonly seen: SeenCall[]
  /** Answers by `METHOD /path`; anything else is a 404. */
  readonly answers: Map<string, { status?: number; body: unknown }>
  close(): Promise<void>
}

/** A folder with one provider on loopback, its connected account and no functions yet. */
export async function openProjectFolder(): Promise<TestProject> {
  await bundle()
  const directory = await mkdtemp(join(tmpdir(), 'plumb-project-'))
  const api = await startServer()
  const { signal } = new AbortController()
  const context: OperationContext = {
    config: {
      ...{ directory, home: join(directory, '.plumb') },
      ...{ databaseUrl: null, environment: {}, environmentName: 'dev', secretKey: 'sk_remote' },
    },
    signal,
    progress: () => undefined,
  }
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  await write('providers/acme.yaml', providerOf(api.url))
  await withWorkbench(context, async (workbench) => {
    await addIntegration(workbench, { integrationKey: 'acme', provider: 'acme' })
    await addConnection(workbench, {
      ...{ integrationKey: 'acme', connectionId: 'test' },
      credential: { kind: 'bearer', token: 'tok-very-secret' },
      now: '2026-01-01T00:00:00.000Z',
    })
  })
  return {
    ...{ directory, context, api, write },
    close: async () => {
      await api.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function providerOf(url: string): string {
  return `name: acme
displayName: Acme
auth:
  mode: bearer
proxy:
  baseUrl: ${url}
`
}

export async function startServer(): Promise<TestServer> {
  const seen: SeenCall[] = []
  const answers: TestServer['answers'] = new Map()
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
      const found = answers.get(`${method} ${url.split('?')[0]}`)
      response.writeHead(found === undefined ? 404 : (found.status ?? 200), {
        'content-type': 'application/json',
        'x-request-id': 'volatile-1',
      })
      response.end(JSON.stringify(found?.body ?? { error: 'unknown' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ seen, answers },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
