import type { NangoSync } from 'nango'
import soap from 'soap'

type Connection = Awaited<ReturnType<NangoSync['getConnection']>>

export async function openClient(connection: Connection) {
  const { credentials, connection_config: config } = connection
  if (credentials.type !== 'BASIC') throw new Error('Beacon needs a user name and a password.')
  const client = await soap.createClientAsync(`https://${config['host']}/sites?wsdl`, {})
  client.setSecurity(new soap.BasicAuthSecurity(credentials.username, credentials.password))
  return client
}
