import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../../runtime/bundle.mjs'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'

let server: TestPlumb
let key: string

beforeAll(async () => {
  await bundle()
  server = await openTestPlumb()
  key = await server.keyOf()
})
afterAll(async () => {
  await server?.close()
})

const code = `const { createAction } = require('nango'); const z = require('zod')
module.exports.default = createAction({ description: 'd', input: z.unknown(), output: z.unknown(),
  exec: async () => 1 })`
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const manifestOf = (hash: string) => ({
  version: 1,
  functions: [
    {
      ...{ integration: 'github', kind: 'action', name: 'ping', file: 'github/actions/ping.ts' },
      ...{ sourceHash: 'a'.repeat(64), bundleHash: hash, linkedAs: [] },
    },
  ],
})

describe('deployments over HTTP', () => {
  it('are checked by the server, made by a key, and rolled back', async () => {
    const manifest = manifestOf(sha256(code))
    const preview = await server.send(key, 'POST /deployments/preview', { manifest })
    expect(preview.body).toMatchObject({ base: null, missing_bundles: [sha256(code)] })
    expect(await server.send(key, 'POST /deployments', { manifest })).toMatchObject({
      body: { error: { code: 'deployment-invalid' } },
    })
    const bundles = [{ file: 'ping.ts', code }]
    await server.send(key, 'POST /deployments/bundles', { bundles })
    const made = await server.send(key, 'POST /deployments', { manifest, environment: 'dev' })
    expect(made).toMatchObject({
      status: 200,
      body: {
        deployed: true,
        new_integrations: ['github'],
        deployment: { number: 1, state: 'live', created_by: expect.not.stringMatching(/^cli$/) },
      },
    })
    const gone = await server.send(key, 'POST /deployments', {
      manifest: { version: 1, functions: [] },
    })
    expect(gone.body).toMatchObject({ error: { code: 'deployment-refused' } })
    const list = await server.send(key, 'GET /deployments')
    expect(list.body).toMatchObject({ deployments: [{ number: 1, functions: 1 }] })
    const back = await server.send(key, 'POST /deployments/previous/rollback', {})
    expect(back.body).toMatchObject({ error: { code: 'deployment-unknown' } })
  })

  it('stand in the log with what they changed, or with what to do', async () => {
    const logs = async (target: string) => {
      await server.plumb.logs.flush()
      return (await server.send(key, `GET ${target}`)).body as {
        operations: readonly { id: string; state: string; error: unknown }[]
        messages: readonly { level: string; text: string; details: unknown }[]
      }
    }
    await server.send(key, 'POST /deployments', {
      ...{ manifest: { version: 1, functions: [] }, allow_destructive: true, message: 'all gone' },
    })
    const [removal] = (await logs('/logs?kind=deploy')).operations
    expect(removal).toMatchObject({ kind: 'deploy', state: 'success', error: null })
    const { messages } = await logs(`/logs/${removal?.id}`)
    expect(messages.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Deployment of all functions by key_\w+: all gone$/),
      expect.stringMatching(/^dep_\w+ \(number 2\) is live: 1 removed\.$/),
    ])
    expect(messages[1]?.details).toMatchObject({ added: [], removed: ['github/ping'] })

    await server.send(key, 'POST /deployments/previous/rollback', {})
    await server.send(key, 'POST /deployments/dep_nope/rollback', {})
    const [failed, back] = (await logs('/logs?kind=deploy')).operations
    expect(failed).toMatchObject({
      state: 'failed',
      error: {
        code: 'deployment-unknown',
        message: expect.stringContaining('"dep_nope"'),
        remedy: expect.stringMatching(/\S/),
      },
    })
    const told = await logs(`/logs/${back?.id}?text=live`)
    expect(told.messages[0]?.text).toMatch(/is live, with what dep_\w+ had: 1 added\.$/)
  })

  it('need the scope, and the environment that the key opens', async () => {
    const manifest = manifestOf(sha256(code))
    const reader = await server.keyOf('dev', ['deployments:read'])
    const refused = await server.send(reader, 'POST /deployments', { manifest })
    expect(refused.status).toBe(403)
    const other = await server.keyOf('prod')
    expect(
      await server.send(other, 'POST /deployments', { manifest, environment: 'dev' }),
    ).toMatchObject({ body: { error: { code: 'environment-unknown' } } })
    // The code was uploaded to dev: prod has to be given it too.
    const preview = await server.send(other, 'POST /deployments/preview', { manifest })
    expect(preview.body).toMatchObject({ missing_bundles: [sha256(code)] })
  })
})

describe('variables of functions', () => {
  it('are stored encrypted, and their values are not shown', async () => {
    const set = await server.send(key, 'PUT /variables/API_TOKEN', { value: 'hunter2' })
    expect(set).toMatchObject({ status: 200, body: { success: true } })
    const list = await server.send(key, 'GET /variables')
    expect(list.body).toMatchObject({ variables: [{ name: 'API_TOKEN' }] })
    const stored = await server.plumb.db.query('select * from plumb.function_variables')
    expect(JSON.stringify([list.body, stored])).not.toContain('hunter2')
    const odd = await server.send(key, 'PUT /variables/1X', { value: 'x' })
    expect(odd.status).toBe(400)
    await server.send(key, 'DELETE /variables/API_TOKEN')
    const again = await server.send(key, 'DELETE /variables/API_TOKEN')
    expect(again.body).toMatchObject({ error: { code: 'variable-unknown' } })
  })
})
