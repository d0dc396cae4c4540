import { connectContracts } from '@plumb/protocol'
import { openConnectSession, sessionInputSchema } from '@plumb/runtime'
import type { OpenedSession } from '@plumb/runtime'
import { handle } from './handler.js'
import type { Handler } from './handler.js'

type Given = {
  readonly endUser?: unknown
  readonly organization?: unknown
  readonly tags?: unknown
  readonly allowedIntegrations?: unknown
  readonly defaults?: unknown
  readonly overrides?: unknown
}

export const connectHandlers: readonly Handler[] = [
  handle(connectContracts.createSession, async (given, { plumb, environment }) =>
    shown(await openConnectSession({ ...plumb, environment }, inputOf(given))),
  ),
  handle(connectContracts.createReconnectSession, async (given, { plumb, environment }) => {
    const { integrationKey, connectionId } = given
    const here = { ...plumb, environment }
    return shown(await openConnectSession(here, inputOf(given), { integrationKey, connectionId }))
  }),
]

function inputOf(given: Given) {
  return sessionInputSchema.parse({
    ...{ end_user: given.endUser, organization: given.organization, tags: given.tags },
    allowed_integrations: given.allowedIntegrations,
    integrations_config_defaults: given.defaults,
    overrides: given.overrides,
  })
}

function shown({ token, link, expiresAt }: OpenedSession) {
  return { data: { token, connect_link: link, expires_at: expiresAt } }
}
