import type { RecordChanges } from '@plumb/protocol'
import type { StoredRecord } from './record-set.js'

type Kind = keyof RecordChanges

/** What one execution has done to its records: the last state of each, per model and kind of change. */
export type RecordLedger = {
  note(kind: Kind, model: string, records: readonly StoredRecord[]): void
  savedIds(model: string): ReadonlySet<string>
  changes(): Record<string, RecordChanges>
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
    savedIds: (model) => new Set([...of(model).saved.keys(), ...of(model).updated.keys()]),
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
