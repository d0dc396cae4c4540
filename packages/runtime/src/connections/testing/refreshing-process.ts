import { text } from 'node:stream/consumers'
import type { Provider } from '@plumb/protocol'
import { openDatabase } from '@plumb/store'
import { openGateway } from '../../gateway/open-gateway.js'
import { requestOf } from '../../gateway/testing/open-test-gateway.js'
import { openKeys } from '../../keys/open-keys.js'

/** A process that makes one call with a connection; its job comes as JSON on stdin. */
export type Job = {
  readonly databaseUrl: string
  readonly keysDirectory: string
  readonly integrationKey: string
  readonly provider: Provider
}

const job = JSON.parse(await text(process.stdin)) as Job
const db = await openDatabase({ url: job.databaseUrl })
const loaded = { provider: job.provider, path: '', apiDescription: null }
const gateway = openGateway({
  db,
  keys: await openKeys(job.keysDirectory),
  providers: new Map([[job.provider.name, loaded]]),
  environment: 'dev',
})
const { integrationKey } = job
const client = await gateway.forConnection({
  integrationKey,
  connectionId: 'account',
  purpose: 'execution',
})
const answer = await client.request(requestOf('GET', 'x'))
const status = answer.kind === 'answered' ? ` ${answer.response.status}` : ''
process.stdout.write(`${answer.kind}${status}\n`)
await gateway.close()
await db.close()
