import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { addConnection, addIntegration } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { readSettings } from '../settings/read-settings.js'
import type { Plumb } from './plumb.js'
import { openLocalPlumb } from './with-plumb.js'

let project: TestProject
let plumb: Plumb
let api: Server
/** Requests that the provider has, and how many it ever had at once. */
const under = { way: 0, most: 0 }

beforeAll(async () => {
  project = await openProjectFolder()
  const { values: settings } = readSettings({
    environment: {
      ...{ PLUMB_ACTIONS_AT_ONCE: '3', PLUMB_ACTIONS_PER_CONNECTION: '2' },
      ...{ PLUMB_SYNCS_AT_ONCE: '5', PLUMB_CALLS_AT_ONCE: '1', PLUMB_RATE_LIMIT_WAIT_SECONDS: '0' },
    },
  })
  const config = { ...project.context.config, settings }
  plumb = await openLocalPlumb({ ...project.context, config })
  api = createServer((_, response) => {
    under.way += 1
    under.most = Math.max(under.most, under.way)
    setImmediate(() => {
      under.way -= 1
      // Nothing is left for an hour.
      response.writeHead(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await plumb?.close()
  await project?.close()
  api?.closeAllConnections()
  api?.close()
})

test('the calls of a connection wait for one another and for its rate limit as the settings say', async () => {
  const baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  const account = { integrationKey: 'limited', connectionId: 'one' }
  const { integrationKey } = account
  await addIntegration(plumb, { integrationKey, provider: 'acme', baseUrl })
  await addConnection(plumb, {
    ...{ ...account, credential: { kind: 'bearer', token: 'tok' }, now: new Date().toISOString() },
  })
  const client = await plumb.gateway.forConnection({ ...account, purpose: 'execution' })
  const nothing = { headers: {}, query: [], body: null, retryOn: [], retryHeader: null }
  const call = () =>
    client.request({
      ...{ method: 'GET', endpoint: '/', ...nothing, retries: 0, expectedStatus: [] },
      connection: null,
    })
  const answers = await Promise.all([call(), call(), call(), call()])
  expect(answers.map(({ kind }) => kind)).toEqual(Array(4).fill('answered'))
  expect(under.most).toBe(1)
})
