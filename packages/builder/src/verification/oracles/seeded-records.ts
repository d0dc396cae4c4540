import type { Execution, JsonObject } from '@plumb/protocol'
import { RecordSet } from '@plumb/runtime'

/** Id of a record that was there before and that no run saves. */
export const strangerId = 'record-of-an-earlier-run'

/** The records that a run has left, and one more that is not in its answers. */
export function seededRecords({ records }: Pick<Execution, 'records'>): RecordSet {
  const initial = Object.entries(records).map(([model, { saved, updated }]) => {
    const stored: readonly JsonObject[] = [...saved, ...updated]
    return [model, [...stored, { ...stored[0], id: strangerId }]] as const
  })
  return new RecordSet(Object.fromEntries(initial))
}
