import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import { bundle } from '../../../../runtime/bundle.mjs'
import type { Config } from '../../config.js'
import { serve } from '../../operations/serve.js'
import type { UpkeepTimes } from '../../server/upkeep.js'
import type { OperationContext } from '../../operations/operation.js'
import { readSettings } from '../read-settings.js'
import { startHeldApi } from './start-held-api.js'
import type { HeldApi } from './start-held-api.js'

export type SettingsWorld = {
  readonly db: Database
  readonly folder: string
  readonly config: Config
  readonly api: HeldApi
  /** Where it says that it listens. */
  readonly url: string
  readonly key: string
  /** Asks the server, as `dev` or with another key. */
  ask(target: string, body?: unknown, o?: Asked): Promise<Record<string, unknown>>
  close(): Promise<void>
}
type Asked = {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

const code = `const { createAction } = require('nango'); const z = require('zod')
module.exports.default = createAction({ description: 'd', input: z.any(), output: z.any(),
  exec: async (ctx, { path, times, size }) => { await Promise.all(Array.from({ length: times }, () =>
    ctx.get({ endpoint: path, retries: 0 })))
    return size === undefined ? 1 : 'x'.repeat(size) } })`
const syncCode = `const { createSync } = require('nango'); const z = require('zod')
module.exports.default = createSync({ description: 'd', frequency: 'every hour', autoStart: false,
  models: { Item: z.object({ id: z.string() }) }, checkpoint: z.object({ page: z.number() }),
  exec: async (ctx) => {
    const path = ctx.connectionId === 'slow' ? '/page' : '/held'
    let page = (await ctx.getCheckpoint())?.page ?? 1
    for (;;) {
      const { data } = await ctx.get({ endpoint: path, params: { page } })
      if (data.next === null) break
      page = data.next
      await ctx.saveCheckpoint({ page })
    }
    await ctx.clearCheckpoint()
  } })`

/** A server that runs with these variables, on a database of its own, with an action `call` and a sync `walk`. */
export async function openSettingsWorld(variables: Record<string, string>): Promise<SettingsWorld> {
  await bundle()
  const folder = await mkdtemp(join(tmpdir(), 'plumb-settings-'))
  const [db, api] = await Promise.all([openTestDatabase(), startHeldApi()])
  await mkdir(join(folder, 'providers'))
  await writeFile(join(folder, 'providers/acme.yaml'), providerOf(api.url))
  const environment = { ...variables, DATABASE_URL: await addressOf(db) }
  const config = configOf(folder, environment)
  const { home, environmentName } = config
  const stop = new AbortController()
  const said: string[] = []
  const context: OperationContext & { readonly upkeep: UpkeepTimes } = {
    ...{ config, signal: stop.signal, progress: (line) => said.push(line) },
    upkeep: { oftenMs: 200, seldomMs: 200 },
  }
  const running = serve.run({ checkAnswers: true }, context)
  const url = await saidIn(said, running)
  const key = (await readFile(join(home, `server/${environmentName}.key`), 'utf8')).trim()
  const world: SettingsWorld = {
    ...{ db, folder, config, api, url, key },
    ask: (target, body, { key: by = key, headers = {} } = {}) =>
      send(`${url} ${target}`, body, { ...headers, authorization: `Bearer ${by}` }),
    async close() {
      api.release()
      stop.abort()
      await running
      await api.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await deployTo(world, key)
  return world
}

/** What a command reads of its surroundings. */
export function configOf(folder: string, environment: Record<string, string>): Config {
  const { values: settings } = readSettings({ environment })
  const { databaseUrl, environmentName, secretKey } = settings
  return {
    ...{ databaseUrl, environmentName, secretKey, environment, settings },
    ...{ home: join(folder, settings.home), directory: folder },
  }
}

/** Deploys both functions to the environment of a key. */
export async function deployTo(world: SettingsWorld, key: string): Promise<void> {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const functions = [
    { kind: 'action', name: 'call', file: 'acme/actions/call.ts', text: code },
    { kind: 'sync', name: 'walk', file: 'acme/syncs/walk.ts', text: syncCode },
  ].map(({ text, ...one }) => ({
    ...{ ...one, integration: 'acme', sourceHash: 'a'.repeat(64), bundleHash: sha256(text) },
    linkedAs: [],
  }))
  const bundles = [code, syncCode].map((text, n) => ({ file: `${n}.ts`, code: text }))
  await world.ask('POST /deployments/bundles', { bundles }, { key })
  await world.ask('POST /deployments', { manifest: { version: 1, functions } }, { key })
}

const providerOf = (url: string): string => `name: acme
displayName: Acme
auth:
  mode: bearer
proxy:
  baseUrl: ${url}
  retry: { remaining: x-ratelimit-remaining, after: x-ratelimit-reset }
`

async function addressOf(db: Database): Promise<string> {
  const [row] = await db.query<{ name: string; socket: string; port: string }>(
    `select current_database() as name, current_setting('unix_socket_directories') as socket,
       current_setting('port') as port`,
  )
  return `postgresql://plumb@${encodeURIComponent(row?.socket ?? '')}:${row?.port}/${row?.name}`
}

async function saidIn(said: readonly string[], running: Promise<unknown>): Promise<string> {
  // What ends before it serves has failed, and says why.
  const ended = running.then(() => 'ended')
  for (let tries = 0; tries < 6000; tries += 1) {
    const url = /Plumb serves (http:\S+)/.exec(said.join('\n'))?.[1]
    if (url !== undefined) return url
    if ((await Promise.race([ended, sleep(20, 'waiting')])) === 'ended') break
  }
  throw new Error(`It did not serve: ${said.join('\n')}`)
}

async function send(where: string, body: unknown, headers: Readonly<Record<string, string>>) {
  const [url, method = 'GET', path] = where.split(' ')
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const found = JSON.parse(await answer.text()) as Record<string, unknown>
  return { ...found, status: answer.status }
}
