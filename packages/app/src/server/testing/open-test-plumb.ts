import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApiScope } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { openGateway, openKeys } from '@plumb/runtime'
import { createEnvironment } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { Handler } from '../../api/handler.js'
import { compatHandlers } from '../../api/compat/index.js'
import { apiHandlers } from '../../api/index.js'
import { createSecretKey } from '../../api/keys.js'
import { openHttpServer } from '../../http/open-http-server.js'
import type { HttpRoutes } from '../../http/http-routes.js'
import { openPlumbOn } from '../open-plumb.js'
import type { Plumb } from '../plumb.js'

export type TestPlumb = {
  readonly plumb: Plumb
  readonly url: string
  /** What the server reported as unexpected. */
  readonly reports: readonly string[]
  /** A key of an environment, which is made when there is none. Default: everything in `dev`. */
  keyOf(environment?: string, scopes?: readonly ApiScope[]): Promise<string>
  /** Sends a request with a key; an object as body goes as JSON. */
  send(
    key: string | null,
    target: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; headers: Headers }>
  close(): Promise<void>
}

/** A whole server on a database of its own and a port that is free; it checks its own answers. */
export async function openTestPlumb(
  extra: { readonly handlers?: readonly Handler[]; readonly routes?: readonly HttpRoutes[] } = {},
): Promise<TestPlumb> {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-server-'))
  const db = await openTestDatabase()
  const store = {
    ...{ db, environment: 'dev', providers: await loadProviders() },
    keys: await openKeys(join(folder, 'keys')),
  }
  const gateway = openGateway(store)
  const close = async () => {
    await gateway.close()
    await db.close()
  }
  const plumb = await openPlumbOn(
    { ...store, gateway, close },
    { publicUrl: () => 'http://127.0.0.1:3003' },
  )
  const reports: string[] = []
  const http = await openHttpServer({
    ...{ plumb, host: '127.0.0.1', port: 0, checkAnswers: true },
    handlers: [...apiHandlers, ...compatHandlers, ...(extra.handlers ?? [])],
    routes: extra.routes ?? [],
    report: (line) => void reports.push(line),
  })
  return {
    ...{ plumb, url: http.url, reports },
    async keyOf(environment = 'dev', scopes = ['*']) {
      const createdAt = new Date().toISOString()
      await createEnvironment(db, { name: environment, createdAt })
      return (await createSecretKey(db, { environment, name: 'test', scopes })).text
    },
    send: (key, target, body) => send(`${http.url} ${target}`, key, body),
    async close() {
      await http.close(1000)
      await plumb.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** `where` reads like `http://127.0.0.1:3003 GET /keys`. */
async function send(where: string, key: string | null, body: unknown) {
  const [url, method = 'GET', path] = where.split(' ')
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  }
}
