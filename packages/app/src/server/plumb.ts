import type { ConnectionStore, Gateway } from '@plumb/runtime'

/** The running parts of a server that handlers work with. */
export type Plumb = ConnectionStore & {
  readonly gateway: Gateway
  /** Such as `https://plumb.example.com`: where callbacks and webhooks come back to. */
  readonly publicUrl: string
  close(): Promise<void>
}
