import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { OpenProjectAccount } from '@plumb/builder'
import type { OperationContext } from '../operations/operation.js'
import { withWorkbench } from '../workbench.js'
import type { Workbench } from '../workbench.js'

type Named = {
  readonly connection?: string | undefined
  readonly integration?: string | undefined
  readonly allowWrites: boolean
}

type AccountOf = (integration: string) => Promise<OpenProjectAccount | null>

/**
 * Gives the connected account of each integration folder while `work` runs; nothing when no connection is named. What
 * the verification made is deleted at the end, and what could not be is told as progress.
 */
export async function withAccounts<Result>(
  named: Named,
  context: OperationContext,
  work: (accountOf: AccountOf | null) => Promise<Result>,
): Promise<Result> {
  const { connection: connectionId } = named
  if (connectionId === undefined) return work(null)
  return withWorkbench(context, async (workbench) => {
    const opened = new Map<string, Promise<OpenProjectAccount | null>>()
    const accountOf: AccountOf = (folder) => {
      const integrationKey = named.integration ?? folder
      const known = opened.get(integrationKey)
      if (known) return known
      const found = openOne(workbench, { ...named, connectionId, integrationKey }, context)
      opened.set(integrationKey, found)
      return found
    }
    try {
      const result = await work(accountOf)
      const accounts = await Promise.all(opened.values())
      if (accounts.length > 0 && accounts.every((one) => one === null))
        throw noAccount(connectionId, [...opened.keys()])
      return result
    } finally {
      for (const account of await Promise.all(opened.values())) await closeOne(account, context)
    }
  })
}

type Wanted = Named & { readonly connectionId: string; readonly integrationKey: string }

/** Null when the integration has no connection of this name: a folder may hold others as well. */
async function openOne(
  workbench: Workbench,
  { integrationKey, connectionId, allowWrites }: Wanted,
  { signal }: OperationContext,
): Promise<OpenProjectAccount | null> {
  const { loadApiDescription, openProjectAccount } = await import('@plumb/builder')
  const now = (): string => new Date().toISOString()
  const order = {
    ...{ integrationKey, connectionId, writes: allowWrites ? 1 : 0 },
    id: `verify_${randomUUID().replaceAll('-', '')}`,
    describe: async (provider: string, baseUrl: string) => {
      const { apiDescription } = workbench.providers.get(provider) ?? {}
      return apiDescription ? loadApiDescription(apiDescription, { baseUrl }) : null
    },
  }
  return openProjectAccount({ ...workbench, now, signal }, order).catch((error: unknown) => {
    const missing = ['connection-unknown', 'integration-unknown']
    if (error instanceof PlumbError && missing.includes(error.code)) return null
    throw error
  })
}

async function closeOne(
  account: OpenProjectAccount | null,
  { progress }: OperationContext,
): Promise<void> {
  for (const { url } of (await account?.close()) ?? [])
    progress(`Left in the account, to be deleted by hand: ${url}`)
}

function noAccount(connectionId: string, integrations: readonly string[]): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `There is no connection "${connectionId}" of ${integrations.join(', ')}.`,
    remedy: 'List them with `plumb connections list`, or name the integration with --integration.',
  })
}
