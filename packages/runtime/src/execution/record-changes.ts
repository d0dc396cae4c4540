import type { RecordChanges } from '@plumb/protocol'
import type { StoredRecord } from './record-set.js'

type Kind = keyof RecordChanges

/** What one execution has done to its records, per model and kind of change. */
export type RecordLedger = {
  note(kind: Kind, model: string, records: readonly StoredRecord[]): void
  savedIds(model: string): ReadonlySet<string>
  /** The last state of each; empty lists when the ledger keeps ids alone. */
  changes(): Record<string, RecordChanges>
}

/** A ledger that keeps ids alone, and only of what was saved: there can be a million of them. */
export function openIdLedger(models: readonly string[]): RecordLedger {
  const ids = new Map(models.map((model) => [model, new Set<string>()]))
  return {
    note(kind, model, records) {
      if (kind !== 'deleted') for (const { id } of records) ids.get(model)?.add(id)
    },
    savedIds: (model) => ids.get(model) ?? new Set(),
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
