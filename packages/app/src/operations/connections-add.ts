import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { addConnection, addIntegration, checkConnection } from '@plumb/runtime'
import type { Credential } from '@plumb/protocol'
import { credentialSchema, PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { Config } from '../config.js'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

const input = z.object({
  integration: z.string().describe('key of the integration, such as github'),
  connectionId: z.string().describe('your name for the account, such as test-account'),
  provider: z.string().optional().describe('provider of the integration (default: its key)'),
  baseUrl: z.string().optional().describe("base URL instead of the provider's"),
  tokenUrl: z.string().optional().describe("token endpoint instead of the provider's"),
  tokenEnv: z.string().optional().describe('variable that holds the bearer token or API key'),
  credential: z
    .string()
    .optional()
    .describe('file with the credential as JSON: {"kind":"bearer","token":"..."}, "-" for stdin'),
  oauthClient: z
    .string()
    .optional()
    .describe('file with {"clientId","clientSecret"}, for refreshing OAuth tokens'),
})

type Input = z.infer<typeof input>

/** `plumb connections add`: stores a test account; secrets come from a variable or a file, never from an argument. */
export const connectionsAdd = defineOperation({
  name: 'connections add',
  summary: 'Store an account; its secret comes from a variable or a file',
  input,
  positionals: ['integration', 'connectionId'],
  examples: [
    'plumb connections add github test-account --token-env GITHUB_TOKEN',
    'plumb connections add crm sandbox --provider crm --base-url http://localhost:4010 --credential @crm.json',
  ],
  run: (given, context) =>
    withWorkbench(context, async (workbench) => {
      const provider = given.provider ?? given.integration
      const credential = await readCredential(given, {
        config: context.config,
        mode: workbench.providers.get(provider)?.provider.auth.mode ?? 'bearer',
      })
      await addIntegration(workbench, await integrationOf(given, provider, context.config))
      const connection = await addConnection(workbench, {
        integrationKey: given.integration,
        connectionId: given.connectionId,
        credential,
        now: new Date().toISOString(),
      })
      const check = await checkConnection(workbench, connection, context.signal)
      return { connection, check }
    }),
  text: ({ connection, check }) =>
    `${connection.integrationKey}/${connection.connectionId} is stored. Check: ${check.kind}.`,
})

async function integrationOf(given: Input, provider: string, config: Config) {
  const { integration: integrationKey, baseUrl, tokenUrl, oauthClient } = given
  return {
    integrationKey,
    provider,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(oauthClient !== undefined && {
      oauthClient: z
        .strictObject({ clientId: z.string(), clientSecret: z.string() })
        .parse(await readJson(oauthClient, config)),
    }),
  }
}

async function readCredential(
  given: Input,
  { config, mode }: { config: Config; mode: string },
): Promise<Credential> {
  if (given.credential !== undefined)
    return credentialSchema.parse(await readJson(given.credential, config))
  if (given.tokenEnv === undefined) {
    if (mode === 'none') return { kind: 'none' }
    throw new PlumbError({
      code: 'usage',
      message: 'No credential was given.',
      remedy: 'Add --token-env NAME (a variable that holds the token) or --credential FILE.',
    })
  }
  const token = config.environment[given.tokenEnv]
  if (token === undefined || token === '') {
    throw new PlumbError({
      code: 'usage',
      message: `The variable ${given.tokenEnv} is not set.`,
      remedy: `Set it for this one call: ${given.tokenEnv}=... plumb connections add ...`,
    })
  }
  return mode === 'api-key' ? { kind: 'api-key', apiKey: token } : { kind: 'bearer', token }
}

async function readJson(name: string, config: Config): Promise<unknown> {
  const path = name === '-' ? '/dev/stdin' : resolve(config.directory, name.replace(/^@/, ''))
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new PlumbError({
      code: 'usage',
      message: `${name} cannot be read as JSON.`,
      remedy: 'Name a file that holds one JSON object.',
      cause,
    })
  }
}
