import type { JsonObject } from '@plumb/protocol'

/** What a made-up value has to fit beside its schema. */
export type SampleRequest = {
  readonly name: string
  readonly schema: JsonObject
  readonly description: string
  /** Begins the name of everything that is created. */
  readonly namespace: string
  readonly now: Date
  /** Differs for each further try, so that names do not collide. */
  readonly salt: number
  /** What the value belongs to, in words: `project`. */
  readonly noun: string
  /** A time range is wide when something is looked for, and short when something is made. */
  readonly isSearch: boolean
}
