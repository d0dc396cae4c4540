import type { Receipt } from '@plumb/protocol'
import { baseAddressOf, readIntegration } from '@plumb/runtime'
import type { ConnectionGateway } from '@plumb/runtime'
import { listReceipts, listResources, markResourceDeleted } from '@plumb/store'
import type { LedgerResource } from '@plumb/store'
import type { BuildItem, BuildTools } from '../build-tools.js'
import { deletingCall } from '../reading/resource-operations.js'
import type { ApiPlace, ResourceCall } from '../reading/resource-operations.js'
import { succeeded } from '../reading/succeeded.js'

/**
 * Deletes what an attempt and its verification have made in the test account, the last thing first. Only what a
 * receipt of the attempt shows as made by it is touched; what cannot be deleted stays open in the ledger.
 */
export async function removeResidue(
  tools: ResidueTools,
  item: ResidueItem,
  attemptId: string,
): Promise<void> {
  const { db, gateway } = tools
  const listed = await listResources(db, { attemptId })
  const open = listed.filter(({ deletedAt }) => deletedAt === null)
  const receipts = await listReceipts(db, { attemptId })
  const unlisted = unlistedWrites(receipts, listed)
  if (open.length + unlisted.length === 0) return
  const { integration: integrationKey, id: connectionId } = item.brief.connection
  const client = await gateway.forConnection({
    ...{ integrationKey, connectionId, attemptId, purpose: 'verification' },
    chain: `verification ${attemptId}`,
  })
  const configured = (await readIntegration(tools, integrationKey)) ?? {}
  const { baseUrl } = baseAddressOf(item.provider, configured, client.connection)
  const place = {
    description: item.description,
    baseUrl,
    providerBaseUrl: item.provider.proxy.baseUrl,
  }
  const world = { tools, item, client, place, receipts }
  for (const { id, request } of [...unlisted].reverse())
    await isGone(world, { receiptId: id, url: request.url })
  for (const resource of [...open].reverse()) {
    if (await isGone(world, resource)) await markDeleted(tools, resource)
  }
}

const makingMethod = /\/[^/.]+\.(post|send|add|create|upload)[^/.]*$/

/** Messages and the like: their answers name them by something else than an id. */
function unlistedWrites(
  receipts: readonly Receipt[],
  listed: readonly LedgerResource[],
): Receipt[] {
  const known = new Set(listed.map(({ receiptId }) => receiptId))
  return receipts.filter(
    ({ id, write, request }) =>
      write && !known.has(id) && makingMethod.test(new URL(request.url).pathname),
  )
}

/** What removing needs; the account is that of the item's brief. */
export type ResidueTools = Pick<
  BuildTools,
  'db' | 'environment' | 'keys' | 'gateway' | 'now' | 'signal'
>
type ResidueItem = Pick<BuildItem, 'provider' | 'description'> & {
  readonly brief: Pick<BuildItem['brief'], 'connection'>
}

type World = {
  readonly tools: ResidueTools
  readonly item: ResidueItem
  readonly client: ConnectionGateway
  readonly place: ApiPlace
  readonly receipts: readonly Receipt[]
}

async function isGone(
  world: World,
  resource: Pick<LedgerResource, 'receiptId' | 'url'>,
): Promise<boolean> {
  const { receipts, place, item } = world
  const made = receipts.find(({ id }) => id === resource.receiptId)
  if (made === undefined || !succeeded(made, item.provider)) return false
  const call = deletingCall(made, resource.url, place)
  if (call === null) return false
  return wasDeleted(call, world, made) || remove(call, world)
}

/** The attempt has cleaned up behind itself. */
function wasDeleted(call: ResourceCall, { receipts, item }: World, made: Receipt): boolean {
  return receipts.some(
    (receipt) =>
      receipt.request.method === call.operation.method &&
      receipt.startedAt >= made.startedAt &&
      withoutQuery(receipt.request.url) === withoutQuery(call.url) &&
      (call.body === null || receipt.request.body?.text === call.body.text) &&
      succeeded(receipt, item.provider),
  )
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '')
}

async function remove(call: ResourceCall, { client, item, tools }: World): Promise<boolean> {
  const { successPath } = item.provider.proxy
  const answer = await client.request(
    {
      method: call.operation.method,
      endpoint: call.url,
      headers: call.body === null ? {} : { 'content-type': call.body.contentType },
      query: [],
      body: call.body === null ? null : { encoding: 'utf8', text: call.body.text },
      ...{ retries: 2, retryOn: [], retryHeader: null, expectedStatus: [], connection: null },
    },
    tools.signal,
  )
  if (answer.kind !== 'answered') return false
  const { status, body } = answer.response
  if (status === 404 || status === 410) return true
  return status < 300 && (successPath === undefined || body.text.includes(`"${successPath}":true`))
}

function markDeleted({ db, now }: ResidueTools, { connection, url }: LedgerResource) {
  return markResourceDeleted(db, { connection, url, deletedAt: now() })
}
