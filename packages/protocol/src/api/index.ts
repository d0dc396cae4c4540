import { connectContracts } from './connect.js'
import { connectionContracts } from './connections.js'
import { deploymentContracts } from './deployments.js'
import { environmentContracts, keyContracts } from './environments.js'
import { integrationContracts, providerContracts } from './integrations.js'

export * from './connect.js'
export * from './connections.js'
import { recordContracts } from './records.js'

export * from './contract.js'
export * from './integrations.js'
export * from './environments.js'
export * from './records.js'
export * from './deployments.js'

/** Everything a server can be asked, by group and verb. */
export const apiContracts = {
  environments: environmentContracts,
  connections: connectionContracts,
  connect: connectContracts,
  integrations: integrationContracts,
  providers: providerContracts,
  keys: keyContracts,
  deployments: deploymentContracts,
  records: recordContracts,
} as const

export type ApiContracts = typeof apiContracts
