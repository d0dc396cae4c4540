import { apiContracts, PlumbError } from '@plumb/protocol'
import type { Contract } from '@plumb/protocol'
import type { Config } from '../config.js'
import type { OperationContext } from '../operations/operation.js'

/** What answers the contracts that commands are made of. */
export type Target = {
  call(contract: Contract, input: Readonly<Record<string, unknown>>): Promise<unknown>
  close(): Promise<void>
}

/**
 * The server at `url` or that of the settings, else the one that runs on the data folder, else the data folder itself,
 * with the same handlers in this process.
 */
export async function openTarget(
  url: string | undefined,
  context: OperationContext,
): Promise<Target> {
  const { config } = context
  const named = url ?? config.settings?.remoteUrl ?? null
  if (named !== null) return serverTarget(named, keyOf(config, named), context)
  const { findRunningServer } = await import('../server/running-server.js')
  const running = await findRunningServer(config)
  if (running !== null) return serverTarget(running.url, running.secretKey, context)
  return folderTarget(context)
}

function keyOf({ secretKey }: Config, url: string): string {
  if (secretKey !== null) return secretKey
  throw new PlumbError({
    code: 'usage',
    message: `The server at ${url} wants a secret key, and PLUMB_SECRET_KEY is not set.`,
    remedy: 'Set PLUMB_SECRET_KEY to a secret key of the environment.',
  })
}

async function serverTarget(
  url: string,
  secretKey: string,
  { signal }: OperationContext,
): Promise<Target> {
  const { createClient } = await import('@plumb/sdk/client')
  const client = createClient({ url, secretKey })
  const methods = new Map<Contract, ClientCall>()
  for (const [group, contracts] of Object.entries(apiContracts)) {
    const ofGroup = client[group as keyof typeof apiContracts] as unknown as Record<
      string,
      ClientCall
    >
    for (const [verb, contract] of Object.entries<Contract>(contracts)) {
      const method = ofGroup[verb]
      if (method !== undefined) methods.set(contract, method)
    }
  }
  return {
    call: async (contract, input) => methods.get(contract)?.(input, { signal }),
    close: async () => undefined,
  }
}

type ClientCall = (
  input: Readonly<Record<string, unknown>>,
  options: { readonly signal: AbortSignal },
) => Promise<unknown>

/** What is asked of no environment in particular. */
const ofAll = new Set<Contract>(Object.values(apiContracts.environments))

async function folderTarget(context: OperationContext): Promise<Target> {
  const [{ openLocalPlumb }, { apiHandlers }, { inputSchemaOf }, { requireEnvironment }] =
    await Promise.all([
      import('../server/with-plumb.js'),
      import('../api/index.js'),
      import('../api/input-schema.js'),
      import('@plumb/store'),
    ])
  const plumb = await openLocalPlumb(context)
  return {
    async call(contract, input) {
      const handler = apiHandlers.find((one) => one.contract === contract)
      if (handler === undefined) throw new Error(`Nothing answers "${contract.name}".`)
      // A secret key opens one that exists; here anything may have been typed.
      if (!ofAll.has(contract)) await requireEnvironment(plumb.db, plumb.environment)
      return handler.run(inputSchemaOf(contract).parse(input) as never, {
        ...{ plumb, environment: plumb.environment, signal: context.signal },
      })
    },
    close: () => plumb.close(),
  }
}
