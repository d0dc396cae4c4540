import { environmentContracts, keyContracts } from './environments.js'

export * from './contract.js'

/** Everything a server can be asked, by group and verb. */
export const apiContracts = {
  environments: environmentContracts,
  keys: keyContracts,
} as const
