import type { NangoAction, NangoSync, ProxyConfiguration } from 'nango'

type Auth = { access_token: string }

/** Works for actions and syncs alike. */
export async function requestInfo(
  nango: NangoAction | NangoSync,
): Promise<{ account: string; label: string }> {
  const connection = await nango.getConnection()
  let account = connection.connection_config['accountId']
  const { metadata } = connection
  if (metadata && metadata['accountId']) account = metadata['accountId']
  if ('access_token' in connection.credentials) {
    const credentials = connection.credentials as Auth
    await nango.log(`Token of ${credentials.access_token.length} characters`)
  }
  if (connection.credentials.type === 'BASIC') await nango.log(connection.credentials.username)
  if (account) return { account, label: connection.provider_config_key }

  const config: ProxyConfiguration = {
    endpoint: '/accounts',
    paginate: {
      type: 'offset',
      offset_name_in_request: 'offset',
      limit: 50,
      limit_name_in_request: 'limit',
      response_path: 'data',
    },
    retries: 10,
  }
  for await (const page of nango.paginate<{ id: string; name: string }>(config)) {
    const first = page[0]
    if (first) return { account: first.id, label: first.name }
  }
  const response = await nango.get({ endpoint: '/me' })
  if (response.data.length === 1) return { account: response.data[0].id, label: '' }
  throw new nango.ActionError({ message: 'No account.', account })
}

export async function paginatedItems<T>(
  nango: Pick<NangoSync, 'get' | 'log'>,
  config: Omit<ProxyConfiguration, 'endpoint'> & { path: string },
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const response = await nango.get<{ items: T[]; next?: string }>({
      endpoint: config.path,
      params: { ...(cursor ? { cursor } : {}), limit: 100 },
    })
    items.push(...response.data.items)
    cursor = response.data.next
  } while (cursor)
  await nango.log(`${items.length} items`, { level: 'debug' })
  return items
}

export async function clientOf(nango: NangoAction): Promise<string> {
  const integration = await nango.getIntegration({ include: ['credentials'] })
  const { credentials } = integration
  if (!credentials || !('client_id' in credentials) || !credentials.client_id) {
    throw new nango.ActionError({ type: 'missing_credentials', message: 'No client.' })
  }
  return credentials.client_id
}

export async function environmentOf(nango: NangoAction): Promise<Record<string, string>> {
  const variables = await nango.getEnvironmentVariables()
  return Object.fromEntries((variables ?? []).map(({ name, value }) => [name, value]))
}
