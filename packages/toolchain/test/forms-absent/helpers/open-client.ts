import soap from 'soap'
import type { Client } from 'soap'
import { TurnContext } from 'botbuilder'
import type { NangoAction } from 'nango'

export async function openClient(nango: NangoAction): Promise<Client> {
  const client = await soap.createClientAsync('https://x.example/api?wsdl')
  client.setSecurity(new soap.WSSecurity('name', 'word', { hasTimeStamp: false }))
  await nango.log(TurnContext.name)
  return client
}
