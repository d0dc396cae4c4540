import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { Connection, Execution, Receipt, ReceiptDraft } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { baseAddressOf, openRemoteGateway, readConnections, readIntegration } from '@plumb/runtime'
import type { CallContext, ConnectionGateway } from '@plumb/runtime'
import { getExecution, listReceipts, saveExecution } from '@plumb/store'
import type { DryRunContext } from '@plumb/toolchain'
import type { OperationContext } from '../operations/operation.js'
import { openWorkbench, providerFolders } from '../workbench.js'
import type { Workbench } from '../workbench.js'
import type { DryRunFields } from './dry-run-input.js'

/** Where a dry run finds its connection and leaves its evidence: this Plumb, or a remote one. */
export type DryRunPlace = {
  readonly connect: (context: DryRunContext) => Promise<ConnectionGateway>
  /** The way out that an earlier execution had. */
  reconnect(execution: Execution): Promise<ConnectionGateway>
  keep(execution: Execution): Promise<void>
  /** An execution that was kept. Throws PlumbError `usage` when there is none. */
  execution(id: string): Promise<Execution>
  receipts(executionId: string): Promise<readonly Receipt[]>
  baseUrl(gateway: ConnectionGateway): Promise<string>
  close(): Promise<void>
}

/** Opens what `--connection`, `--integration` and `--remote` name. */
export async function openDryRunPlace(
  given: DryRunFields & { readonly integration: string },
  context: OperationContext,
): Promise<DryRunPlace> {
  if (given.remote !== undefined) return openRemotePlace({ ...given, url: given.remote }, context)
  const workbench = await openWorkbench(context)
  return localPlace(given, workbench)
}

function localPlace(
  given: DryRunFields & { readonly integration: string },
  workbench: Workbench,
): DryRunPlace {
  const { db, gateway } = workbench
  return {
    async connect(context) {
      const integrationKey = given.integration
      const connectionId = given.connection ?? (await onlyConnection(workbench, integrationKey))
      const opened = await gateway.forConnection({ ...context, integrationKey, connectionId })
      refuseLost(opened.connection)
      return opened
    },
    reconnect: ({ integrationKey, connectionId, id }) =>
      gateway.forConnection({ integrationKey, connectionId, purpose: 'dryrun', executionId: id }),
    keep: (execution) => saveExecution(db, execution),
    execution: async (id) => (await getExecution(db, id)) ?? noExecution(id),
    receipts: (executionId) => listReceipts(db, { executionId }),
    async baseUrl({ connection, provider }) {
      const integration = await readIntegration(workbench, connection.integrationKey)
      return baseAddressOf(provider, integration ?? {}, connection).baseUrl
    },
    close: () => workbench.close(),
  }
}

async function openRemotePlace(
  given: DryRunFields & { readonly integration: string; readonly url: string },
  { config, signal }: OperationContext,
): Promise<DryRunPlace> {
  const { connection: connectionId, integration: integrationKey, url } = given
  if (config.secretKey === null || connectionId === undefined) {
    const missing = connectionId === undefined ? '--connection' : 'PLUMB_SECRET_KEY'
    throw new PlumbError({
      code: 'usage',
      message: `--remote ${url} needs ${missing}.`,
      remedy: `Set ${missing}.`,
    })
  }
  const { secretKey } = config
  const providers = await loadProviders({ directories: await providerFolders(config.directory) })
  const opened: Awaited<ReturnType<typeof openRemoteGateway>>[] = []
  return {
    async connect(context) {
      const whose: CallContext = { ...context, integrationKey, connectionId }
      const gateway = await openRemoteGateway({ url, secretKey, providers, signal }, whose)
      opened.push(gateway)
      refuseLost(gateway.connection)
      return gateway
    },
    reconnect: async ({ id }) => noExecution(id),
    keep: async () => undefined,
    execution: async (id) => noExecution(id),
    receipts: async () => opened.flatMap((gateway) => gateway.receipts()).map(unsigned),
    baseUrl: async ({ provider, connection }) => baseAddressOf(provider, {}, connection).baseUrl,
    close: async () => {
      for (const gateway of opened) await gateway.close()
    },
  }
}

function noExecution(id: string): never {
  throw new PlumbError({
    code: 'usage',
    message: `There is no execution "${id}" in this Plumb.`,
    remedy:
      'Give the id that `plumb dryrun` printed; executions of a remote Plumb are not kept here.',
  })
}

/** Receipts of a remote run are made here and prove nothing to anybody else. */
function unsigned(draft: ReceiptDraft, index: number): Receipt {
  const nobody = { previousHash: null, hash: '', signature: '', keyId: 'remote' }
  return { ...draft, ...nobody, sequence: index + 1 }
}

async function onlyConnection(workbench: Workbench, integrationKey: string): Promise<string> {
  const connections = await readConnections(workbench, { integrationKey })
  const [only, ...others] = connections
  if (only !== undefined && others.length === 0) return only.connectionId
  const names = connections.map(({ connectionId }) => connectionId)
  throw new PlumbError({
    code: only === undefined ? 'connection-unknown' : 'usage',
    message: `--connection is missing, and integration "${integrationKey}" has ${names.length === 0 ? 'no connection' : names.join(', ')}.`,
    remedy:
      only === undefined
        ? `Add one with \`plumb connections add ${integrationKey} <name>\`.`
        : 'Say which one with --connection.',
  })
}

function refuseLost({ state, integrationKey, connectionId }: Connection): void {
  if (state !== 'needs-reconnect' && state !== 'revoked') return
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The connection "${connectionId}" of "${integrationKey}" has lost access (${state}).`,
    remedy: `Reconnect it: \`plumb connections add ${integrationKey} ${connectionId}\`.`,
  })
}

/** An id for an execution. */
export function newExecutionId(): string {
  return `exe_${randomUUID().replaceAll('-', '')}`
}
