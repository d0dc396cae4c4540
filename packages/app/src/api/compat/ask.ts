import type { Contract, OutputOf, ParsedInputOf } from '@plumb/protocol'
import { connectionHandlers } from '../connections.js'
import type { ApiCall, Handler } from '../handler.js'
import { integrationHandlers } from '../integrations.js'

const handlers = [...connectionHandlers, ...integrationHandlers]

/** What answers a contract, whatever path it is asked under. */
export function handlerOf(contract: Contract): Handler {
  const found = handlers.find((one) => one.contract === contract)
  if (found === undefined) throw new Error(`Nothing answers "${contract.name}" here.`)
  return found
}

/** Answers a contract from within another one. */
export function ask<C extends Contract>(
  contract: C,
  input: ParsedInputOf<C>,
  call: ApiCall,
): Promise<OutputOf<C>> {
  return handlerOf(contract).run(input as never, call) as Promise<OutputOf<C>>
}
