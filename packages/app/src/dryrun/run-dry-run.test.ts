import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixtureSchema } from '@plumb/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dryrun } from '../operations/dryrun.js'
import { record } from '../operations/record.js'
import { renderDryRun } from './render-dry-run.js'
import type { DryRunReport } from './run-dry-run.js'
import { openProjectFolder, startServer } from './testing/open-project-folder.js'
import type { TestProject } from './testing/open-project-folder.js'

let project: TestProject

const getUser = `import { createAction } from 'nango'
import * as z from 'zod'
import { nameOf } from '../names.js'
export default createAction({
  description: 'Reads a user',
  input: z.object({ id: z.string() }),
  output: z.object({ label: z.string(), email: z.string() }),
  exec: async (nango, input) => {
    const { data } = await nango.get({ endpoint: '/users/' + input.id })
    const user = z.object({ first_name: z.string(), last_name: z.string(), email: z.string() }).parse(data)
    await nango.log('read ' + input.id)
    await nango.get({ endpoint: '/mailboxes/' + encodeURIComponent(user.email) })
    return { label: nameOf(user), email: user.email.toLowerCase() }
  },
})
`
const createUser = `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({
  description: 'Creates a user',
  input: z.object({ name: z.string() }),
  output: z.object({ id: z.string() }),
  exec: async (nango, input) => {
    try {
      await nango.get({ endpoint: '/users' })
      const { data } = await nango.post({ endpoint: '/users', data: { name: input.name } })
      return z.object({ id: z.string() }).parse(data)
    } catch {
      return { id: 'made up' }
    }
  },
})
`
const users = `import { createSync } from 'nango'
import * as z from 'zod'
const User = z.object({ id: z.string(), name: z.string() })
export default createSync({
  description: 'Keeps users',
  frequency: 'every hour',
  models: { User },
  checkpoint: z.object({ round: z.number() }),
  exec: async (nango) => {
    const before = await nango.getCheckpoint<{ round: number }>()
    await nango.trackDeletesStart('User')
    const { data } = await nango.get({ endpoint: '/users' })
    await nango.batchSave(z.array(User).parse(data), 'User')
    await nango.trackDeletesEnd('User')
    await nango.saveCheckpoint({ round: (before?.round ?? 0) + 1 })
  },
})
`

beforeAll(async () => {
  project = await openProjectFolder()
  await project.write('acme/actions/get-user.ts', getUser)
  await project.write('acme/actions/create-user.ts', createUser)
  await project.write('acme/syncs/users.ts', users)
  await project.write(
    'acme/names.ts',
    'export const nameOf = (user: { first_name: string; last_name: string }) => user.first_name + " " + user.last_name\n',
  )
})

beforeEach(() => {
  const { answers, seen } = project.api
  seen.length = 0
  answers.clear()
  answers.set('GET /users/7', {
    body: { id: '7', first_name: 'Ada', last_name: 'Lovelace', email: 'Ada@Analytical.org' },
  })
  answers.set('GET /mailboxes/Ada%40Analytical.org', { body: { note: 'of Ada Lovelace' } })
  answers.set('GET /users', { body: [{ id: '1', name: 'A' }] })
})

afterAll(() => project.close())

async function run(name: string, options: Record<string, unknown> = {}): Promise<DryRunReport> {
  return (await dryrun.run({ function: name, ...options }, project.context)) as DryRunReport
}

test('a function with an import beside it returns, and everything it did is told', async () => {
  const report = await run('get-user', { input: '{"id":"7"}' })
  expect(report).toMatchObject({
    ok: true,
    execution: { outcome: { output: { label: 'Ada Lovelace', email: 'ada@analytical.org' } } },
  })
  expect(project.api.seen.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer tok-very-secret',
    'Bearer tok-very-secret',
  ])
  const text = renderDryRun(report)
  expect(text).toMatch(/get-user returned after \d+ ms \(acme\/test, exe_/)
  expect(text).toMatch(/GET +http:\S+\/users\/7 +200/)
  expect(text).toContain('read 7')
  expect(text).not.toContain('tok-very-secret')
})

test('credentials are for functions of a project that allows them', async () => {
  await project.write(
    'acme/actions/read-token.ts',
    `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({
  description: 'Measures the token',
  input: z.object({}),
  output: z.object({ length: z.number() }),
  exec: async (nango) => ({ length: JSON.stringify(await nango.getToken()).length }),
})
`,
  )
  const refused = await run('read-token')
  expect(refused.execution.outcome).toMatchObject({
    kind: 'threw',
    error: { payload: { code: 'credentials-refused' } },
  })
  await project.write('plumb.config.ts', 'export default { allow: { credentials: true } }\n')
  expect(await run('read-token')).toMatchObject({ ok: true })
})

test('the first write ends the function, though it catches everything, and is shown', async () => {
  const report = await run('acme/create-user', { input: '{"name":"Grace"}', connection: 'test' })
  expect(report).toMatchObject({ ok: false, result: 'write-stopped' })
  expect(report.stoppedWrite).toMatchObject({
    method: 'POST',
    url: `${project.api.url}/users`,
    body: { text: '{"name":"Grace"}' },
  })
  expect(project.api.seen.map(({ method }) => method)).toEqual(['GET'])
  expect(dryrun.exitCode?.(report)).toBe(1)
  const text = renderDryRun(report)
  expect(text).toContain(`POST ${project.api.url}/users`)
  expect(text).toContain('"name": "Grace"')
  expect(text).not.toContain('made up')
})

test('with --allow-writes it is sent', async () => {
  project.api.answers.set('POST /users', { status: 201, body: { id: 'u9' } })
  const report = await run('create-user', { input: '{"name":"Grace"}', allowWrites: true })
  expect(report.execution.outcome).toMatchObject({ output: { id: 'u9' } })
  expect(project.api.seen.at(-1)).toMatchObject({ method: 'POST', body: '{"name":"Grace"}' })
})

test('a state file carries records and checkpoint to the next run', async () => {
  const state = 'state.json'
  const first = await run('users', { state })
  project.api.answers.set('GET /users', { body: [{ id: '2', name: 'B' }] })
  const second = await run('users', { state })
  expect(first.execution.records['User']).toMatchObject({ saved: [{ id: '1' }], deleted: [] })
  expect(second.execution.records['User']).toMatchObject({
    saved: [{ id: '2' }],
    deleted: [{ id: '1' }],
  })
  expect(second.execution).toMatchObject({
    startCheckpoint: { round: 1 },
    endCheckpoint: { round: 2 },
  })
})

test('input that does not fit the schema is told with its path; no call is made', async () => {
  const report = await run('get-user', { input: '{"id":7}' })
  expect(report.result).toBe('failed')
  expect(renderDryRun(report)).toMatch(/\bid: .*string/)
  expect(project.api.seen).toEqual([])
})

test.each([
  [{ input: '{"id":\n  7,}' }, 'input-invalid', /line 2, column 5/],
  [{ input: '@nowhere.json' }, 'input-invalid', /nowhere\.json/],
  [{ checkpoint: '[1]' }, 'input-invalid', /--checkpoint is \[1\], which is no object/],
  [{ connection: 'nobody' }, 'connection-unknown', /nobody/],
])('%j is refused as %s', async (options, code, message) => {
  await expect(run('get-user', options)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  })
})

test('an unknown name gets the nearest ones', async () => {
  await expect(run('get-usr')).rejects.toMatchObject({
    code: 'function-not-found',
    remedy: expect.stringContaining('"get-user"') as string,
  })
})

test('a recording names nobody, replays, and is not overwritten', async () => {
  const report = await run('get-user', { input: '{"id":"7"}', record: true })
  const path = join(project.directory, 'acme/tests/get-user.test.json')
  expect(report.fixture).toMatchObject({ path, kept: [] })
  const text = await readFile(path, 'utf8')
  expect(text).not.toMatch(/\bada\b|lovelace|analytical|volatile-1|tok-very/i)
  const fixture = fixtureSchema.parse(JSON.parse(text))
  expect(fixture.input).toEqual({ id: '7' })
  expect(Object.keys(fixture.api?.['get'] ?? {})[0]).toBe('/users/7')
  await expect(run('get-user', { input: '{"id":"7"}', record: true })).rejects.toMatchObject({
    code: 'file-exists',
  })
  const { id } = report.execution
  const again = (await record.run(
    { function: 'get-user', execution: id, case: 'again' },
    project.context,
  )) as DryRunReport
  expect(again.fixture?.path).toBe(join(project.directory, 'acme/tests/get-user.again.test.json'))
  expect(await readFile(again.fixture?.path ?? '', 'utf8')).toBe(text)
})

test('a remote Plumb gives the connection and makes the calls', async () => {
  const remote = await startServer()
  const { answers, seen } = remote
  answers.set('GET /connections/42', {
    body: { provider: 'acme', connection_config: {}, metadata: { team: 'x' } },
  })
  answers.set('GET /proxy/users', { body: [{ id: '1', name: 'A' }] })
  const report = await run('users', { remote: remote.url, connection: '42' })
  expect(report).toMatchObject({ ok: true, execution: { metadata: { team: 'x' } } })
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /connections/42?provider_config_key=acme',
    'GET /proxy/users',
  ])
  expect(seen[1]?.headers).toMatchObject({
    authorization: 'Bearer sk_remote',
    'connection-id': '42',
    'provider-config-key': 'acme',
    retries: '0',
  })
  expect(project.api.seen).toEqual([])
  const input = '{"name":"Grace"}'
  const stopped = await run('create-user', { remote: remote.url, connection: '42', input })
  expect(stopped.result).toBe('write-stopped')
  await expect(run('users', { remote: remote.url, connection: '43' })).rejects.toMatchObject({
    code: 'connection-unknown',
  })
  answers.set('GET /connections/44', { status: 401, body: {} })
  await expect(run('users', { remote: remote.url, connection: '44' })).rejects.toMatchObject({
    code: 'remote-unauthorized',
  })
  await remote.close()
  await expect(run('users', { remote: remote.url, connection: '42' })).rejects.toMatchObject({
    code: 'remote-unreachable',
  })
})
