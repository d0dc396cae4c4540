import type { JsonObject } from '@plumb/protocol'

/** A record as a sync stores it. */
export type StoredRecord = JsonObject & { readonly id: string }

export type RecordPage = { readonly records: StoredRecord[]; readonly next_cursor: string | null }
