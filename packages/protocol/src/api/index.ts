import { deploymentContracts } from './deployments.js'
import { environmentContracts, keyContracts } from './environments.js'

export * from './contract.js'
export * from './environments.js'
export * from './deployments.js'

/** Everything a server can be asked, by group and verb. */
export const apiContracts = {
  environments: environmentContracts,
  keys: keyContracts,
  deployments: deploymentContracts,
} as const

export type ApiContracts = typeof apiContracts
