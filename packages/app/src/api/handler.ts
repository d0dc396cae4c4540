import type { ApiScope, Contract, OutputOf, ParsedInputOf } from '@plumb/protocol'
import type { Plumb } from '../server/plumb.js'

/** Who asks, and what with. */
export type ApiCall = {
  readonly plumb: Plumb
  /** Of the key that was given; nothing outside of it may be read or changed. */
  readonly environment: string
  /** What that key may do. Absent on the machine of whoever owns the data: everything. */
  readonly scopes?: readonly ApiScope[]
  /** Id of that key; absent likewise. */
  readonly keyId?: string
  readonly signal: AbortSignal
}

/** A contract with what answers it. */
export type Handler = {
  readonly contract: Contract
  readonly run: (input: never, call: ApiCall) => Promise<unknown>
}

/** Ties a handler to its contract. Input is parsed already; what is expected to fail is thrown as PlumbError. */
export function handle<C extends Contract>(
  contract: C,
  run: (input: ParsedInputOf<C>, call: ApiCall) => Promise<OutputOf<C>>,
): Handler {
  return { contract, run: run }
}
