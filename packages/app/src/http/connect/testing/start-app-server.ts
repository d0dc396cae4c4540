import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the app server knows of one installation; members that are absent are those of a healthy one. */
export type TestInstallation = {
  readonly id?: number
  readonly appId?: number
  readonly suspendedAt?: string
  /** Answered instead, where the installation is asked about. */
  readonly status?: number
}

export type AppServer = {
  readonly url: string
  readonly app: { readonly appId: string; readonly privateKey: string; readonly slug: string }
  /** By id. */
  readonly installations: Map<string, TestInstallation>
  /** `METHOD /path` of each request, in order. */
  readonly seen: string[]
  close(): Promise<void>
}

/** A provider of apps on loopback: every call about an installation has to be signed with the key of the app. */
export async function startAppServer(): Promise<AppServer> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const installations = new Map<string, TestInstallation>()
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const [status, body] = answerOf(request, { installations, publicKey })
    reply(response, status, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    ...{ installations, seen, app: { appId: '77', privateKey, slug: 'my-app' } },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Known = {
  readonly installations: ReadonlyMap<string, TestInstallation>
  readonly publicKey: string
}

function answerOf(request: IncomingMessage, known: Known): [number, unknown] {
  const path = /^\/app\/installations\/([^/]+)(\/access_tokens)?$/.exec(request.url ?? '')
  if (path === null) return [404, {}]
  if (!isSigned(request.headers.authorization ?? '', known.publicKey)) return [401, {}]
  const id = path[1] ?? ''
  const found = known.installations.get(id)
  if (found === undefined) return [404, { message: 'Not Found' }]
  return path[2] === undefined ? described(id, found) : tokenOf(id)
}

function tokenOf(id: string): [number, unknown] {
  const expires_at = new Date(Date.now() + 3600_000).toISOString()
  return [201, { token: `installation-token-of-${id}`, expires_at }]
}

function described(id: string, found: TestInstallation): [number, unknown] {
  const { id: told = Number(id), appId = 77, suspendedAt = null, status = 200 } = found
  return [status, { id: told, app_id: appId, suspended_at: suspendedAt }]
}

function isSigned(authorization: string, publicKey: string): boolean {
  const [header = '', claims = '', signature = ''] = authorization.replace('Bearer ', '').split('.')
  const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as { iss: string }
  const key = createPublicKey(publicKey)
  const bytes = Buffer.from(signature, 'base64url')
  return iss === '77' && verify('sha256', Buffer.from(`${header}.${claims}`), key, bytes)
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
