import type { RecordChanges } from '@plumb/protocol'
import type { StoredRecord } from '../records/stored-record.js'

type Kind = keyof RecordChanges

/** What one execution has done to its records, per model and kind of change. */
export type RecordLedger = {
  note(kind: Kind, model: string, records: readonly StoredRecord[]): void
  /** The last state of each; empty lists when the ledger keeps none. */
  changes(): Record<string, RecordChanges>
}

/** A ledger that keeps nothing: there can be a million records. */
export function openEmptyLedger(models: readonly string[]): RecordLedger {
  return {
    note: () => undefined,
    changes: () =>
      Object.fromEntries(models.map((model) => [model, { saved: [], updated: [], deleted: [] }])),
  }
}

export function openRecordLedger(models: readonly string[]): RecordLedger {
  const byModel = new Map<string, Record<Kind, Map<string, StoredRecord>>>()
  const of = (model: string): Record<Kind, Map<string, StoredRecord>> => {
    const known = byModel.get(model) ?? { saved: new Map(), updated: new Map(), deleted: new Map() }
    byModel.set(model, known)
    return known
  }
  for (const model of models) of(model)
  return {
    note(kind, model, records) {
      for (const record of records) of(model)[kind].set(record.id, record)
    },
    changes: () =>
      Object.fromEntries(
        [...byModel].map(([model, { saved, updated, deleted }]) => [
          model,
          {
            saved: [...saved.values()],
            updated: [...updated.values()],
            deleted: [...deleted.values()],
          },
        ]),
      ),
  }
}
