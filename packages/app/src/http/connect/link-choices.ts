import type { Integration, Provider } from '@plumb/protocol'
import { readIntegrations } from '@plumb/runtime'
import type { ConnectSession } from '@plumb/runtime'
import type { Plumb } from '../../server/plumb.js'
import type { Choice } from './connect-page.js'

/** Ways of authorising that begin with a visit at the provider. */
const byVisit = /^(oauth2|oauth1|mcp-oauth2|app)$/
const mostShown = 100

/** What a person can connect by a link alone: no credential and no site that has to be typed in. */
export async function linkChoices(
  plumb: Plumb,
  session: ConnectSession,
  token: string,
): Promise<Choice[]> {
  const { environment, reconnect, body } = session
  const integrations = await readIntegrations({ ...plumb, environment })
  const allowed =
    reconnect === null ? body.allowed_integrations : ([reconnect.integrationKey] as const)
  const choices = integrations.flatMap((integration): Choice[] => {
    const { integrationKey } = integration
    const provider = plumb.providers.get(integration.provider)?.provider
    if (provider === undefined || allowed?.includes(integrationKey) === false) return []
    if (!byVisit.test(provider.auth.mode) || asks(provider, integration, session)) return []
    const query = `connect_session_token=${encodeURIComponent(token)}`
    const path = `/oauth/connect/${encodeURIComponent(integrationKey)}`
    return [{ displayName: provider.displayName, href: `${plumb.publicUrl}${path}?${query}` }]
  })
  return choices.slice(0, mostShown)
}

/** Whether a person would have to say something that neither the session nor the provider tells. */
function asks(
  { auth, connectionConfig = {} }: Provider,
  { integrationKey }: Integration,
  { body, reconnect }: ConnectSession,
): boolean {
  if (reconnect !== null) return false
  const decided = body.integrations_config_defaults?.[integrationKey]?.connection_config ?? {}
  const told = (auth.mode === 'oauth2' && auth.connectionConfigFrom) || {}
  const known = { ...decided, ...told }
  return Object.keys(connectionConfig).some((name) => !Object.hasOwn(known, name))
}
