import { addConnection, addIntegration, checkConnection, readIntegration } from '@plumb/runtime'
import { z } from 'zod'
import type { Config } from '../config.js'
import { withPlumb } from '../server/with-plumb.js'
import { explainCheck } from './explain-check.js'
import { oauthClientSchema, readCredential, readJson } from './read-credential.js'
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
    'plumb connections add crm sandbox --base-url http://localhost:4010 --credential crm.json',
  ],
  run: (given, context) =>
    withPlumb(context, async (plumb) => {
      const existing = await readIntegration(plumb, given.integration)
      const provider = given.provider ?? existing?.provider ?? given.integration
      const credential = await readCredential(given, {
        config: context.config,
        mode: plumb.providers.get(provider)?.provider.auth.mode ?? 'bearer',
      })
      await addIntegration(plumb, {
        ...existing,
        ...(await integrationOf(given, provider, context.config)),
      })
      const connection = await addConnection(plumb, {
        integrationKey: given.integration,
        connectionId: given.connectionId,
        credential,
        now: new Date().toISOString(),
      })
      await plumb.connect.hooks.created(connection)
      const check = await checkConnection(plumb, connection, context.signal)
      return { connection, check }
    }),
  text: ({ connection, check }) =>
    [
      `${connection.integrationKey}/${connection.connectionId} is stored.`,
      ...explainCheck(check),
    ].join('\n'),
})

async function integrationOf(given: Input, provider: string, config: Config) {
  const { integration: integrationKey, baseUrl, tokenUrl, oauthClient } = given
  return {
    integrationKey,
    provider,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(oauthClient !== undefined && {
      oauthClient: await readJson(oauthClient, oauthClientSchema, config),
    }),
  }
}
