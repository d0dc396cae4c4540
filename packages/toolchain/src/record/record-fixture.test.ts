import { providerSchema } from '@plumb/protocol'
import type { Connection, Receipt } from '@plumb/protocol'
import { executeFunction, openReplayGateway } from '@plumb/runtime'
import { expect, test } from 'vitest'
import { compileFunction } from '../compile/compile-function.js'
import { openInProcessPool } from '../replay/in-process-pool.js'
import { runClockOf } from '../replay/run-clock-of.js'
import { recordFixture } from './record-fixture.js'
import type { RecordedFixture } from './record-fixture.js'

const baseUrl = 'https://api.acme.test'
const provider = providerSchema.parse({
  name: 'acme',
  displayName: 'Acme',
  auth: { mode: 'bearer' },
  proxy: { baseUrl },
})
const connection: Connection = {
  environment: 'dev',
  ...{ integrationKey: 'acme', connectionId: 'c', provider: 'acme', state: 'ok' },
  ...{ connectionConfig: {}, metadata: {}, createdAt: '2026', updatedAt: '2026' },
}

/** Records an action whose body is `exec`, over one answer to GET /user. */
async function recorded(exec: string, answer: object, headers = {}): Promise<RecordedFixture> {
  const pool = openInProcessPool()
  const source = `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({
  description: 'A test', input: z.any(), output: z.any(),
  exec: async (nango: any) => { const response = await nango.get({ endpoint: '/user' }); const user = response.data; ${exec} },
})`
  const result = await compileFunction({ source, fileName: 'get-user.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const body = { encoding: 'utf8', text: JSON.stringify(answer) } as const
  const recording = {
    ...{ receiptId: 'rcp-1', startedAt: null },
    request: { method: 'GET', url: `${baseUrl}/user`, headers: {}, body: null },
    answer: { kind: 'response', status: 200, headers, body },
  } as const
  const gateway = openReplayGateway({ provider, connection, baseUrl, recordings: [recording] })
  const execution = await executeFunction({
    ...{ pool, gateway, compiled: result.compiled, purpose: 'dryrun', deadlineMs: 10_000 },
    clock: runClockOf({ id: 'exe-1', startedAt: '2026-01-01T00:00:00.000Z' }),
    ids: { executionId: 'exe-1' },
  })
  const nobody = { previousHash: null, hash: '', signature: '', keyId: '', sequence: 1 }
  const receipts = gateway
    .receipts()
    .map((draft): Receipt => ({ ...draft, ...nobody, id: 'rcp-1', executionId: 'exe-1' }))
  return recordFixture({
    ...{ execution, receipts: receipts.map((one) => ({ ...one, purpose: 'dryrun' })), baseUrl },
    ...{ connection, provider, compiled: result.compiled, source, salt: 'salt', pool },
    signal: new AbortController().signal,
  })
}

const ada = { name: 'Ada Lovelace', email: 'ada@lovelace.org', role: 'admin' }

test('what a function joins, splits, lowers and encodes is recorded alike', async () => {
  const { fixture, kept, derived } = await recorded(
    `const [first, last] = user.name.split(' ')
    return {
      slug: (first + '-' + last).toLowerCase(),
      initials: first[0] + last[0],
      domain: user.email.split('@')[1],
      shout: user.name.toUpperCase(),
      key: Buffer.from(user.email).toString('base64'),
      line: 'Hello ' + first + '!',
    }`,
    ada,
  )
  expect(JSON.stringify(fixture)).not.toMatch(/lovelace|"AL"/i)
  expect(derived).toEqual(['output.initials'])
  expect(kept).toEqual([])
})

test('a fixture says which receipt it came from, and keeps no volatile header', async () => {
  const headers = { date: 'Mon', 'x-request-id': 'r', etag: '"1"', link: '<x>' }
  const { fixture } = await recorded('return user', ada, headers)
  const [entry] = [fixture.api?.['get']?.['/user'] ?? []].flat()
  expect(entry).toMatchObject({ receipt: 'rcp-1', headers: { link: '<x>' } })
  expect(Object.keys(entry?.headers ?? {})).toEqual(['link'])
})

test('an etag stays when the function uses it', async () => {
  const { fixture } = await recorded(`return response.headers['etag']`, ada, { etag: '"v-1"' })
  expect(JSON.stringify(fixture.api)).toContain('v-1')
})

test('a domain that the function decides by is kept, and told', async () => {
  const { fixture, kept } = await recorded(
    `return { own: user.email.endsWith('@lovelace-works.com') }`,
    { ...ada, email: 'ada@lovelace-works.com' },
  )
  expect(fixture.output).toEqual({ own: true })
  expect(kept).toEqual(['domain lovelace-works.com'])
  expect(JSON.stringify(fixture)).not.toMatch(/ada@/)
})

test('a function that decides by a name is not recorded, and the error names nobody', async () => {
  const refused = recorded(
    `return { boss: user.name.length === 12 && user.name.startsWith('Ad') }`,
    ada,
  )
  await expect(refused).rejects.toMatchObject({ code: 'fixture-not-repeatable' })
  await expect(refused).rejects.not.toThrow(/Lovelace/)
})

test('a run that did not return is no fixture', async () => {
  await expect(recorded(`throw new Error('no')`, ada)).rejects.toMatchObject({
    code: 'fixture-not-repeatable',
  })
})
