import type { Contract } from '@plumb/protocol'
import { allContracts } from '../http/openapi-document.js'

/** Contracts that a command of their own stands for. */
const taken = new Set(['connections list', 'connections check', 'variables set'])

/** The contracts that become commands, by the name of the command. */
export function commandContracts(): ReadonlyMap<string, Contract> {
  const free = allContracts().filter(({ name }) => !taken.has(name))
  return new Map(free.map((contract) => [contract.name, contract]))
}
