import { PlumbError } from '@plumb/protocol'
import type { Connection, Execution } from '@plumb/protocol'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'

export type ConnectionKey = Pick<Connection, 'integrationKey' | 'connectionId'>

type Order = {
  readonly gateway: ConnectionGateway
  /** Throws PlumbError `connection-unknown`; without it, there are no other connections. */
  readonly otherConnection?: (key: ConnectionKey) => Promise<ConnectionGateway>
}

/** The ways out of one execution: its own connection's, and those of others when it may use them. */
export type ExecutionGateways = {
  readonly own: ConnectionGateway
  /** The gateway of `key`, the execution's own for null. */
  of(key: ConnectionKey | null): Promise<ConnectionGateway>
  other(key: ConnectionKey): Promise<ConnectionGateway>
  /** What this execution called through any of them. */
  calls(): Execution['calls']
}

export function openGateways({ gateway, otherConnection }: Order): ExecutionGateways {
  const first = gateway.calls.length
  const others = new Map<string, Promise<ConnectionGateway>>()
  const open: { readonly gateway: ConnectionGateway; readonly first: number }[] = []
  const other = (key: ConnectionKey): Promise<ConnectionGateway> => {
    const name = JSON.stringify([key.integrationKey, key.connectionId])
    const known = others.get(name)
    if (known !== undefined) return known
    const opening = (otherConnection ?? noOther)(key)
    others.set(name, opening)
    void opening.then(
      (opened) => open.push({ gateway: opened, first: opened.calls.length }),
      () => undefined,
    )
    return opening
  }
  return {
    own: gateway,
    other,
    of: async (key) => (key === null || isOwn(gateway, key) ? gateway : other(key)),
    calls: () => [
      ...gateway.calls.slice(first),
      ...open.flatMap((one) => one.gateway.calls.slice(one.first)),
    ],
  }
}

async function noOther({ integrationKey, connectionId }: ConnectionKey): Promise<never> {
  throw new PlumbError({
    code: 'connection-unknown',
    message: `This execution may not use connection "${connectionId}" of "${integrationKey}".`,
    remedy: 'Use the connection of the execution: leave connectionId and providerConfigKey out.',
  })
}

export function isOwn({ connection }: ConnectionGateway, key: ConnectionKey): boolean {
  return (
    key.integrationKey === connection.integrationKey && key.connectionId === connection.connectionId
  )
}
