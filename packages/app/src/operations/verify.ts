import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { ProjectVerification } from '@plumb/builder'
import { loadProviders } from '@plumb/providers'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import { z } from 'zod'
import { withAccounts } from '../verify/with-accounts.js'
import { providerFolders } from '../workbench.js'
import { defineOperation } from './operation.js'
import type { OperationContext } from './operation.js'
import { renderVerification } from './render-verification.js'

const names = [
  'mutation',
  'fault-sweep',
  'request-contract',
  'crash-resume',
  'two-identities',
] as const

/** `plumb verify`: do functions tell the truth when what they are answered changes, fails, or comes late? */
export const verify = defineOperation({
  name: 'verify',
  summary: 'Put functions before oracles that change what their recordings answer',
  input: z.object({
    directory: z.string().default('.').describe('project, integration folder or file'),
    oracle: z
      .array(z.enum(names))
      .optional()
      .describe(`only these: ${names.join(', ')} (default: all)`),
    connection: z
      .string()
      .optional()
      .describe('account that functions are run in as well, with inputs their recordings lack'),
    integration: z
      .string()
      .optional()
      .describe("key of the connection's integration (default: the function's folder)"),
    allowWrites: z
      .boolean()
      .default(false)
      .describe('let a run change the account once; what it makes is deleted afterwards'),
  }),
  positionals: ['directory'],
  examples: [
    'plumb verify',
    'plumb verify integrations/hubspot --oracle mutation --json',
    'plumb verify integrations/hubspot --connection test-account --allow-writes',
  ],
  run: async ({ directory, oracle, ...account }, context): Promise<ProjectVerification> => {
    const { verifyProject } = await import('@plumb/builder')
    const place = resolve(context.config.directory, directory)
    return withAccounts(account, context, (accountOf) =>
      withPool(async (pool) =>
        verifyProject({
          ...(accountOf && { accountOf }),
          directory: place,
          ...(oracle && oracle.length > 0 && { oracles: oracle }),
          providers: await providersFor(context),
          pool,
          ids: () => `verify_${randomUUID()}`,
          signal: context.signal,
          onProgress: (done, all) => {
            if (done % 25 === 0) context.progress(`${done} of ${all} functions`)
          },
        }),
      ),
    )
  },
  text: renderVerification,
  exitCode: ({ rejected }) => (rejected > 0 ? 1 : 0),
})

async function withPool<Result>(
  work: (pool: Awaited<ReturnType<typeof openRunnerPool>>) => Promise<Result>,
): Promise<Result> {
  const sandbox = await openSandbox()
  try {
    const pool = await openRunnerPool({ sandbox, size: 1 })
    try {
      return await work(pool)
    } finally {
      await pool.close()
    }
  } finally {
    await sandbox.close()
  }
}

async function providersFor({ config }: OperationContext) {
  const loaded = await loadProviders({ directories: await providerFolders(config.directory) })
  return new Map([...loaded].map(([name, { provider }]) => [name, provider]))
}
