import { listSyncs, saveConnection, saveDeployment, saveIntegration } from '@plumb/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPlumb } from './testing/open-test-plumb.js'
import type { TestPlumb } from './testing/open-test-plumb.js'
import { startUpkeep } from './upkeep.js'

let server: TestPlumb
const at = '2026-01-01T00:00:00.000Z'

beforeAll(async () => {
  server = await openTestPlumb()
})
afterAll(() => server?.close())

test('an account and a deployment whose server was killed too early get their schedules', async () => {
  const { db, gateway, syncs } = server.plumb
  await saveIntegration(db, 'dev', { integrationKey: 'crm', provider: 'crm' })
  await saveConnection(db, {
    ...{ environment: 'dev', integrationKey: 'crm', connectionId: 'c1', provider: 'crm' },
    ...{ state: 'ok', connectionConfig: {}, metadata: {}, encryptedCredential: 'x' },
    ...{ credentialVersion: 1, createdAt: at, updatedAt: at },
  })
  const sync = { integrationKey: 'crm', kind: 'sync', name: 'contacts', fileName: 'f' } as const
  const definition = { kind: 'sync', frequency: 'every hour', autoStart: false }
  await saveDeployment(db, {
    ...{ environment: 'dev', id: 'd1', createdBy: 'test', now: at },
    functions: [
      {
        ...{ ...sync, sourceHash: 'a', bundleHash: 'h' },
        allow: { credentials: false, uncontrolledFetch: false },
      },
    ],
    bundles: [{ hash: 'h', code: '', definition: definition as never }],
  })
  const reports: string[] = []
  const upkeep = startUpkeep(
    { db, gateway, syncs },
    { report: (line) => reports.push(line), times: { oftenMs: 3_600_000, seldomMs: 20 } },
  )
  const names = async () => (await listSyncs(db, { environment: 'dev' })).map(({ name }) => name)
  await expect.poll(names).toEqual(['contacts'])
  await upkeep.close()
  expect(reports).toEqual([])
})
