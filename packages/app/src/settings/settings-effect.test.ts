import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiContracts } from '@plumb/protocol'
import { openKeys } from '@plumb/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTarget } from '../contract-commands/open-target.js'
import { settings } from './settings.js'
import type { SettingName } from './settings.js'
import { children } from './testing/children.js'
import { freePort } from './testing/free-port.js'
import { configOf, deployTo, openSettingsWorld } from './testing/open-settings-world.js'
import type { SettingsWorld } from './testing/open-settings-world.js'
import { brief, most, patient, until } from './testing/until.js'
import { waiting, whileHeld } from './testing/while-held.js'

/* Each setting reaches the part that it names, and changes what that does: two servers differ in all of them. */

const few = {
  ...{ PLUMB_HOME: 'few', PLUMB_ENVIRONMENT: 'dev', PLUMB_MASTER_KEYS: 'a'.repeat(64) },
  ...{ PLUMB_HOST: '127.0.0.1', PLUMB_PORT: '0', PLUMB_PUBLIC_URL: 'https://few.example' },
  ...{ PLUMB_RUNNER_POOL_SIZE: '2', PLUMB_RUNNER_IDLE_SECONDS: '1', PLUMB_CALLS_AT_ONCE: '2' },
  ...{ PLUMB_ACTIONS_AT_ONCE: '3', PLUMB_ACTIONS_PER_CONNECTION: '2' },
  ...{ PLUMB_SYNCS_AT_ONCE: '3', PLUMB_SYNCS_PER_ENVIRONMENT: '2' },
  ...{ PLUMB_RATE_LIMIT_WAIT_SECONDS: '0', PLUMB_ACTION_DEADLINE_SECONDS: '10' },
  ...{ PLUMB_ACTION_OUTPUT_BYTES: '1000' },
  ...{ PLUMB_SYNC_SLICE_SECONDS: '1', PLUMB_LOG_RETENTION_DAYS: '1' },
  ...{ PLUMB_DELETED_RECORD_DAYS: '1' },
}
const many = async (): Promise<typeof few> => ({
  ...{ PLUMB_HOME: 'many', PLUMB_ENVIRONMENT: 'stage', PLUMB_MASTER_KEYS: 'b'.repeat(64) },
  ...{ PLUMB_HOST: '127.0.0.2', PLUMB_PORT: String(await freePort('127.0.0.2')) },
  ...{ PLUMB_PUBLIC_URL: 'https://many.example', PLUMB_RUNNER_POOL_SIZE: '4' },
  ...{ PLUMB_RUNNER_IDLE_SECONDS: '3600', PLUMB_CALLS_AT_ONCE: '5' },
  ...{ PLUMB_ACTIONS_AT_ONCE: '6', PLUMB_ACTIONS_PER_CONNECTION: '4' },
  ...{ PLUMB_SYNCS_AT_ONCE: '5', PLUMB_SYNCS_PER_ENVIRONMENT: '3' },
  ...{ PLUMB_RATE_LIMIT_WAIT_SECONDS: '3600', PLUMB_ACTION_DEADLINE_SECONDS: '600' },
  ...{ PLUMB_ACTION_OUTPUT_BYTES: '8000000' },
  ...{ PLUMB_SYNC_SLICE_SECONDS: '3600', PLUMB_LOG_RETENTION_DAYS: '3650' },
  ...{ PLUMB_DELETED_RECORD_DAYS: '3650' },
})
const accounts = ['one', 'two', 'three', 'four']
const old = { marked: '4000 days', between: '10 days' }

/** Calls the action of an account; `times` requests to `path` at once. */
type Call = {
  readonly path?: string
  readonly times?: number
  readonly size?: number
  readonly later?: boolean
}
const call = (world: SettingsWorld, account: string, o: Call = {}): Promise<unknown> => {
  const input = { path: o.path ?? '/held', times: o.times ?? 1, size: o.size }
  const later = o.later === true && { 'x-async': 'true' }
  const headers = { 'connection-id': account, 'provider-config-key': 'acme', ...later }
  return world.ask('POST /action/trigger', { action_name: 'call', input }, { headers })
}

async function count({ db }: SettingsWorld, which: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(`select count(*) as count from plumb.${which}`)
  return row?.count ?? 0
}

/** How many actions run at once that nobody waits for. */
async function queued(
  world: SettingsWorld,
  of: readonly string[],
  expected: unknown,
): Promise<number> {
  const look = () => count(world, `action_calls where state = 'running'`)
  const calls = () =>
    of.flatMap((id) => Array.from({ length: 6 }, () => call(world, id, { later: true })))
  const found = await whileHeld(world, calls, () => most(look, expected))
  await until(async () => (await count(world, `action_calls where state <> 'done'`)) === 0)
  return found
}

/** How many syncs run at once, of all accounts in two environments. */
async function synced(world: SettingsWorld, which: string, expected: unknown): Promise<number> {
  const { other = '' } = others
  const trigger = (key: string) =>
    world.ask('POST /sync/trigger', { provider_config_key: 'acme', syncs: ['walk'] }, { key })
  const look = () => count(world, `syncs where run_id is not null ${which}`)
  const begin = () => [trigger(world.key), trigger(other)]
  const found = await whileHeld(world, begin, () => most(look, expected))
  await until(
    async () => (await count(world, 'syncs where run_id is not null or asked is not null')) === 0,
  )
  return found
}

/** What commands find with these variables. */
async function asked(world: SettingsWorld, secretKey: string): Promise<readonly string[] | string> {
  const environment = { PLUMB_URL: world.url, PLUMB_SECRET_KEY: secretKey }
  const config = configOf('/nowhere', environment)
  const context = { config, signal: AbortSignal.timeout(60_000), progress: () => undefined }
  const target = await openTarget(undefined, context)
  const found = await target.call(apiContracts.environments.list, {}).catch(String)
  if (typeof found === 'string') return 'refused'
  return (found as { environments: { name: string }[] }).environments.map(({ name }) => name)
}

/** Whether upkeep has taken what is ten days old, when it has taken what is older than any setting. */
async function taken(world: SettingsWorld, gone: (age: string) => string): Promise<boolean> {
  expect(await until(async () => (await count(world, gone(old.marked))) === 0)).toBe(true)
  return (await count(world, gone(old.between))) === 0
}

/** It knows what it looks for, to wait for that as long as it takes. */
type Look = (world: SettingsWorld, expected: unknown) => unknown

/** What is seen of each setting: on the server that has few of everything, and on the one that has many. */
const effects: Readonly<Record<SettingName, { shown: readonly [unknown, unknown]; look: Look }>> = {
  home: {
    shown: [['few'], ['many']],
    look: ({ folder }) =>
      readdirSync(folder).filter((name) => existsSync(join(folder, name, 'keys/signing.pem'))),
  },
  databaseUrl: {
    shown: [
      [true, false],
      [true, false],
    ],
    look: async (world) => [
      (await count(world, 'deployments')) > 0,
      existsSync(join(world.config.home, 'cluster')),
    ],
  },
  environmentName: {
    shown: [0, 1],
    look: (world) => count(world, `deployments where environment = 'stage'`),
  },
  remoteUrl: {
    shown: [
      ['dev', 'other'],
      ['dev', 'stage', 'other'],
    ],
    look: (world) => asked(world, world.key),
  },
  secretKey: { shown: ['refused', 'refused'], look: (world) => asked(world, 'sk_wrong') },
  masterKeys: {
    shown: [true, true],
    look: async ({ db, folder, config }) => {
      const masterKeys = [String(config.settings?.masterKeys)]
      const keys = await openKeys(join(folder, 'same'), { masterKeys })
      const [row] = await db.query<{ id: string }>(
        `select split_part(encrypted_credential, '.', 2) as id from plumb.connections limit 1`,
      )
      return row?.id === keys.masterKeyIds()[0]
    },
  },
  host: { shown: ['127.0.0.1', '127.0.0.2'], look: ({ url }) => new URL(url).hostname },
  port: {
    shown: [false, true],
    look: ({ url, config }) => Number(new URL(url).port) === config.settings?.port,
  },
  publicUrl: {
    shown: ['https://few.example', 'https://many.example'],
    look: async (world) => {
      const { data } = await world.ask('POST /connect/sessions', { end_user: { id: 'u' } })
      return new URL((data as { connect_link: string }).connect_link).origin
    },
  },
  runnerPoolSize: {
    shown: [2, 4],
    look: (world, expected) =>
      whileHeld(
        world,
        () => accounts.flatMap((id) => [call(world, id), call(world, id)]),
        () => most(() => waiting(world), expected),
      ),
  },
  runnerIdleSeconds: {
    shown: [true, false],
    look: async (world, expected) => {
      const calls = () => accounts.map((id) => call(world, id))
      const boxes = await whileHeld(world, calls, async () => {
        await until(() => waiting(world) > 1)
        return children().filter((pid) => !strangers.includes(pid))
      })
      const hasEnded = () => boxes.some((box) => !children().includes(box))
      return until(hasEnded, expected === true ? patient : 2 * brief)
    },
  },
  actionsAtOnce: {
    shown: [3, 6],
    look: (world, expected) => queued(world, accounts, expected),
  },
  actionsPerConnection: {
    shown: [2, 4],
    look: (world, expected) => queued(world, ['one'], expected),
  },
  syncsAtOnce: { shown: [3, 5], look: (world, expected) => synced(world, '', expected) },
  syncsPerEnvironment: {
    shown: [2, 3],
    look: (world, expected) =>
      synced(world, 'group by environment order by 1 desc limit 1', expected),
  },
  callsAtOnce: {
    shown: [2, 5],
    look: (world, expected) =>
      whileHeld(
        world,
        () => [call(world, 'one', { times: 8 })],
        () => most(() => waiting(world), expected),
      ),
  },
  rateLimitWaitSeconds: {
    shown: [true, false],
    look: async (world, expected) => {
      await call(world, 'limited', { path: '/limited' })
      await call(world, 'limited', { path: '/limited', later: true })
      const arrived = () => world.api.limited.get('token-of-limited') === 2
      return until(arrived, expected === true ? patient : brief)
    },
  },
  actionDeadlineSeconds: {
    shown: ['ended', 'under way'],
    look: async (world, expected) => {
      world.api.hold()
      const acted = call(world, 'one').then(() => 'ended')
      const longer = () => Promise.race([acted, sleep(11_000, 'under way')])
      const found = await (expected === 'ended' ? acted : longer())
      world.api.release()
      await acted
      return found
    },
  },
  actionOutputBytes: {
    shown: [
      [true, false, false],
      [true, true, false],
    ],
    look: async (world) => {
      const returned = async (size: number): Promise<boolean> => {
        const found = (await call(world, 'one', { path: '/', size })) as { status: number }
        return found.status === 200
      }
      return [await returned(900), await returned(7_900_000), await returned(8_000_000)]
    },
  },
  syncSliceSeconds: {
    shown: [true, false],
    look: async (world) => {
      const slow = { provider_config_key: 'acme', connection_id: 'slow', syncs: ['walk'] }
      await world.ask('POST /sync/trigger', slow)
      const ended = `sync_runs where connection_id = 'slow' and state = 'success'`
      const under = `syncs where run_id is not null or asked is not null`
      await until(async () => (await count(world, under)) === 0)
      expect(await count(world, ended)).toBeGreaterThan(0)
      return (await count(world, `${ended} and slices > 1`)) > 0
    },
  },
  logRetentionDays: {
    shown: [true, false],
    look: async (world) => {
      await world.db.query(
        `insert into plumb.operations (id, environment, kind, state, started_at, finished_at)
         select age, 'dev', 'action', 'success', now() - age::interval, now() - age::interval
         from unnest($1::text[]) age`,
        [Object.values(old)],
      )
      return taken(world, (age) => `operations where id = '${age}'`)
    },
  },
  deletedRecordDays: {
    shown: [true, false],
    look: async (world) => {
      await world.db.query(
        `with stream as (
           insert into plumb.record_streams
             (environment, integration_key, connection_id, model, variant, encrypted_key, created_at)
           values ('dev', 'acme', 'one', 'Old', 'base', '', now()) returning id)
         insert into plumb.records (stream_id, external_id, hash, change, first_seen_at, last_modified_at,
           last_action, deleted_at, payload)
         select id, age, '', nextval('plumb.record_changes'), now(), now(), 'DELETED', now() - age::interval, '{}'
         from stream, unnest($1::text[]) age`,
        [Object.values(old)],
      )
      return taken(world, (age) => `records where external_id = '${age}' and pruned_at is null`)
    },
  },
}

const others: { other?: string } = {}
/** What tests before have left in this process. */
let strangers: readonly string[] = []

async function connect(world: SettingsWorld, id: string, key: string): Promise<void> {
  const credentials = { type: 'API_KEY', apiKey: `token-of-${id}` }
  await world.ask(
    'POST /connections',
    { connection_id: id, provider_config_key: 'acme', credentials },
    { key },
  )
}

it('every setting has an effect that is looked at', () => {
  expect(Object.keys(effects).sort()).toEqual(Object.keys(settings).sort())
})

describe.each([0, 1] as const)('a server that has few or many of everything: %i', (which) => {
  let world: SettingsWorld

  beforeAll(async () => {
    strangers = children()
    world = await openSettingsWorld(which === 0 ? few : await many())
    others.other = String((await world.ask('POST /environments', { name: 'other' }))['secret_key'])
    await deployTo(world, others.other)
    for (const key of [world.key, others.other])
      for (const id of accounts) await connect(world, id, key)
    for (const id of ['slow', 'limited']) await connect(world, id, world.key)
  })
  afterAll(() => world?.close())

  it.each(Object.entries(effects))('%s', async (_, { shown, look }) => {
    expect(await look(world, shown[which])).toEqual(shown[which])
  })
})
