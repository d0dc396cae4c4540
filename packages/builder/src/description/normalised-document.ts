import type { JsonSchema } from '@plumb/protocol'
import type { RawOperation } from './raw-operation.js'

/** What each format's reader produces. */
export type NormalisedDocument = {
  readonly title: string
  readonly version: string
  /** As the document writes it: absolute, relative (`/v2`) or null. */
  readonly baseUrl: string | null
  readonly operations: readonly RawOperation[]
  readonly schemas: Readonly<Record<string, JsonSchema>>
}
