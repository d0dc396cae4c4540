import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteConnection, getConnection, getIntegration, saveConnection } from '@plumb/store'
import { decryptCredential } from '../connections/connections.js'
import { addIntegration, readIntegration } from '../connections/integrations.js'
import { readVariables, setVariable } from '../deployments/function-variables.js'
import { openTestGateway } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'
import { addMasterKey, removeRetiredKeys } from './key-ring.js'
import { openKeys } from './open-keys.js'
import { requireOpened, requireRewrapped, rewrapLate, rewrapSecrets } from './rotate-keys.js'

let t: TestGateway

beforeEach(async () => {
  t = await openTestGateway()
})
afterEach(() => t.close())

async function storedIn(integrationKey: string) {
  const name = { environment: 'dev', integrationKey, connectionId: 'account' }
  const stored = await getConnection(t.store.db, name)
  if (stored === null) throw new Error('not stored')
  return stored
}

const client = { clientId: 'id', clientSecret: 'client-secret-4711' }

async function connectSome(count: number): Promise<string[]> {
  const keys: string[] = []
  for (let at = 0; at < count; at++) {
    const { connection } = await t.connect({ integration: { oauthClient: client } })
    keys.push(connection.integrationKey)
  }
  return keys
}

test('rotation wraps all secrets under a new key, and a server that runs goes on', async () => {
  const names = await connectSome(3)
  const running = t.store.keys
  await setVariable(t.store, {
    name: 'REGION',
    value: 'eu-secret',
    now: '2026-01-01T00:00:00.000Z',
  })
  const [before = ''] = running.masterKeyIds()
  const added = await addMasterKey(t.keysDirectory)
  expect(running.masterKeyIds()).toEqual([added, before])
  await expect(requireRewrapped(t.store)).rejects.toMatchObject({ code: 'keys-in-use' })
  const keys = await openKeys(t.keysDirectory)
  const { counts } = await rewrapSecrets({ db: t.store.db, keys })
  expect(counts).toMatchObject({ connections: 3, integrations: 3, variables: 1 })
  await requireRewrapped(t.store)
  expect(await removeRetiredKeys(t.keysDirectory)).toEqual([before])
  const alone = await openKeys(t.keysDirectory)
  expect(alone.masterKeyIds()).toEqual([added])
  for (const keysNow of [running, alone]) {
    expect(await readVariables({ ...t.store, keys: keysNow })).toEqual({ REGION: 'eu-secret' })
    for (const name of names) {
      const stored = await storedIn(name)
      expect(stored.credentialVersion).toBe(1)
      const credential = decryptCredential({ keys: keysNow }, stored)
      expect(credential).toEqual({ kind: 'bearer', token: 'tok-secret-4711' })
      const integration = await readIntegration({ ...t.store, keys: keysNow }, name)
      expect(integration?.oauthClient).toEqual(client)
    }
  }
  expect(JSON.stringify(await getIntegration(t.store.db, 'dev', names[0] ?? ''))).not.toContain(
    '4711',
  )
})

test('a rotation that was stopped goes on where it was, and what was new already is left alone', async () => {
  const [name = ''] = await connectSome(2)
  await addMasterKey(t.keysDirectory)
  const stopping = new AbortController()
  const stopped = rewrapSecrets(t.store, {
    signal: stopping.signal,
    onBatch: () => stopping.abort(new Error('stopped')),
  })
  await expect(stopped).rejects.toThrow('stopped')
  const moved = (await storedIn(name)).encryptedCredential
  const { counts } = await rewrapSecrets(t.store)
  expect(counts).toMatchObject({ connections: 0, integrations: 2 })
  expect((await storedIn(name)).encryptedCredential).toBe(moved)
  expect((await rewrapSecrets(t.store)).counts).toMatchObject({ connections: 0, integrations: 0 })
})

test('secrets that can not be opened keep no other waiting, are named, and are done when they are mended', async () => {
  const names = await connectSome(3)
  const [first = '', foreign = '', plain = ''] = names
  await setVariable(t.store, {
    name: 'REGION',
    value: 'eu-secret',
    now: '2026-01-01T00:00:00.000Z',
  })
  const put = (place: string, key: string, value: string) => {
    const [table, column] = place.split(' ')
    const sql = `update plumb.${table} set ${column} = $1 where integration_key = $2`
    return t.store.db.query(sql, [value, key])
  }
  const credential = 'connections encrypted_credential'
  const other = await openKeys(`${t.keysDirectory}-other`)
  await put(credential, foreign, other.encrypt('x'))
  await put(credential, plain, 'sk_live_4711')
  await put('integrations body', first, '{"oauthClient": {"clientSecret": "sk_live_4711"}}')
  const [before = ''] = t.store.keys.masterKeyIds()
  await addMasterKey(t.keysDirectory)

  const done = await rewrapSecrets(t.store)
  expect(done.counts).toMatchObject({ connections: 1, integrations: 2, variables: 1 })
  expect(done.unopened.map(({ column, name }) => `${column} ${name}`)).toEqual([
    `connections dev/${foreign}/account`,
    `connections dev/${plain}/account`,
    `integrations dev/${first}`,
  ])
  const told = await rewrapLate(t.store, { settleMs: 0 }).catch((error: unknown) => error)
  expect(told).toMatchObject({
    code: 'keys-invalid',
    message: expect.stringMatching(/^3 secrets could not be opened.*0 were wrapped anew/),
    remedy: expect.stringContaining('plumb keys rotate --resume'),
  })
  expect(JSON.stringify([done, told, String(told)])).not.toContain('4711')
  expect(t.store.keys.masterKeyIds()).toContain(before)

  for (const integrationKey of [foreign, plain]) {
    await deleteConnection(t.store.db, {
      environment: 'dev',
      integrationKey,
      connectionId: 'account',
    })
  }
  await put('integrations body', first, '{"provider": "acme-1", "integrationKey": "none"}')
  const after = await rewrapLate(t.store, { settleMs: 0 })
  expect(after.unopened).toEqual([])
  await requireRewrapped(t.store)
  expect(decryptCredential(t.store, await storedIn(first))).toMatchObject({ kind: 'bearer' })
})

test('many that can not be opened are told shortly, and passed by in any number of batches', async () => {
  await connectSome(1)
  await t.store.db.query(
    `insert into plumb.function_variables (environment, name, encrypted_value, updated_at)
     select 'dev', 'V' || lpad(n::text, 4, '0'), 'plumb1.gone.b.c', now() from generate_series(1, 450) n`,
  )
  await setVariable(t.store, { name: 'Z', value: 'last', now: '2026-01-01T00:00:00.000Z' })
  await addMasterKey(t.keysDirectory)
  const done = await rewrapSecrets(t.store)
  expect(done.counts).toMatchObject({ connections: 1, variables: 1 })
  expect(done.unopened).toHaveLength(450)
  expect(() => requireOpened(done)).toThrow(/V0001: .*\n[^]*V0020: [^]*\nand 430 more$/)
})

test('what was encrypted before, and is stored only now, is waited for before the old key goes', async () => {
  const [name = ''] = await connectSome(1)
  const late = { ...(await storedIn(name)), connectionId: 'late' }
  const credential = JSON.stringify({ kind: 'bearer', token: 'late-4711' })
  const encryptedCredential = t.store.keys.encrypt(credential, `${name}/late`)
  let removed: Promise<unknown> | undefined
  let isRemoved = false
  await t.store.db.transaction(async (tx) => {
    await saveConnection(tx, { ...late, encryptedCredential })
    await addMasterKey(t.keysDirectory)
    await rewrapSecrets(t.store)
    removed = rewrapLate(t.store, { settleMs: 0 }).then(() => {
      isRemoved = true
      return removeRetiredKeys(t.keysDirectory)
    })
    await sleep(400)
    expect(isRemoved).toBe(false)
  })
  await removed
  const keys = await openKeys(t.keysDirectory)
  const stored = await getConnection(t.store.db, late)
  if (stored === null) throw new Error('not stored')
  expect(decryptCredential({ keys }, stored)).toMatchObject({ token: 'late-4711' })
})

test('what a running server encrypts after a new key was added is under that key', async () => {
  const added = await addMasterKey(t.keysDirectory)
  await addIntegration(t.store, {
    integrationKey: 'late',
    provider: 'acme-1',
    oauthClient: client,
  }).catch(() => undefined)
  expect(t.store.keys.encrypt('x').split('.')[1]).toBe(added)
})

test('keys of the settings open what was sealed on another machine, the first one seals', async () => {
  const [old, fresh] = ['a'.repeat(64), 'b'.repeat(64)]
  const before = await openKeys(t.keysDirectory, { masterKeys: [old] })
  const after = await openKeys(t.keysDirectory, { masterKeys: [fresh, old] })
  const sealed = before.encrypt('secret', 'c')
  expect(after.decrypt(sealed, 'c')).toBe('secret')
  const again = after.rewrap(sealed, 'c')
  const alone = await openKeys(t.keysDirectory, { masterKeys: [fresh] })
  expect(alone.decrypt(again, 'c')).toBe('secret')
  expect(() => alone.decrypt(sealed, 'c')).toThrow('encrypted with key')
  expect(() => after.rewrap(sealed, 'd')).toThrow('belongs to something else')
  await expect(openKeys(t.keysDirectory, { masterKeys: ['short'] })).rejects.toThrow(
    'master key 1 of the settings',
  )
  expect((await readdir(t.keysDirectory)).sort()).toEqual(['master.key', 'signing.pem'])
})
