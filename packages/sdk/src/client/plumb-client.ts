import type { ApiContracts, Contract, InputOf, OutputOf } from '@plumb/protocol'
import type { ProxyCall } from './proxy-call.js'

export type CallOptions = {
  readonly signal?: AbortSignal
}

/** How a contract is called: what it needs is asked for, and where it needs nothing, nothing is. */
export type ClientMethod<C extends Contract> =
  Record<never, never> extends InputOf<C>
    ? (input?: InputOf<C>, options?: CallOptions) => Promise<OutputOf<C>>
    : (input: InputOf<C>, options?: CallOptions) => Promise<OutputOf<C>>

type ClientGroup<Group> = {
  readonly [Verb in keyof Group]: Group[Verb] extends Contract ? ClientMethod<Group[Verb]> : never
}

/** One method per contract, by group and verb. Each throws PlumbError for what the server refuses. */
export type PlumbClient = {
  readonly [Group in keyof ApiContracts]: ClientGroup<ApiContracts[Group]>
} & {
  /** Calls the provider of a connection, which the server adds the credential to. Answers of the provider, also its refusals, are returned. */
  proxy(call: ProxyCall): Promise<Response>
}
