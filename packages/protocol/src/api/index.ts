import { actionContracts } from './actions.js'
import { connectContracts } from './connect.js'
import { connectionContracts } from './connections.js'
import { deploymentContracts } from './deployments.js'
import { variableContracts } from './variables.js'
import { environmentContracts, keyContracts } from './environments.js'
import { integrationContracts, providerContracts } from './integrations.js'
import { logContracts } from './logs.js'
import { recordContracts } from './records.js'
import { syncContracts } from './syncs.js'

export * from './actions.js'
export * from './connect.js'
export * from './connections.js'
export * from './contract.js'
export * from './integrations.js'
export * from './environments.js'
export * from './logs.js'
export * from './records.js'
export * from './syncs.js'
export * from './deployments.js'
export * from './variables.js'

/** Everything a server can be asked, by group and verb. */
export const apiContracts = {
  environments: environmentContracts,
  connections: connectionContracts,
  connect: connectContracts,
  integrations: integrationContracts,
  providers: providerContracts,
  keys: keyContracts,
  deployments: deploymentContracts,
  variables: variableContracts,
  records: recordContracts,
  syncs: syncContracts,
  actions: actionContracts,
  logs: logContracts,
} as const

export type ApiContracts = typeof apiContracts
