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

type ListRecords = ApiContracts['records']['list']
type ListedRecord = OutputOf<ListRecords>['records'][number]

/** One method per contract, by group and verb. Each throws PlumbError for what the server refuses. */
export type PlumbClient = {
  readonly [Group in keyof ApiContracts]: ClientGroup<ApiContracts[Group]>
} & {
  readonly records: {
    /** All records, or all changes after a cursor, page by page as they are asked for. `limit` is that of a page. */
    each(input: InputOf<ListRecords>, options?: CallOptions): AsyncIterable<ListedRecord>
  }
  /**
   * Calls the provider of a connection; the server adds the credential. Whatever the provider answers is returned,
   * its refusals too. Throws PlumbError for what the server itself refuses.
   */
  proxy(call: ProxyCall): Promise<Response>
}
