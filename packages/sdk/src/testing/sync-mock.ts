import { vi } from 'vitest'
import { NangoActionMock } from './action-mock.js'
import type { MockOptions } from './action-mock.js'

type SyncMembers = ReturnType<typeof syncMembers>

/**
 * The mock of syncs on a mock of actions, of which it inherits what a test gives that one. What is saved is kept, and
 * stays inspectable by the spies.
 */
export function syncMockOn(
  ActionMock: typeof NangoActionMock,
): new (options: MockOptions) => NangoActionMock & SyncMembers {
  class SyncMock extends ActionMock {
    constructor(options: MockOptions) {
      super(options)
      Object.assign(this, syncMembers())
    }
  }
  return SyncMock as new (options: MockOptions) => SyncMock & SyncMembers
}

/** A context of syncs that answers from recordings. */
export class NangoSyncMock extends syncMockOn(NangoActionMock) {}

function syncMembers() {
  const saved = new SavedRecords()
  return {
    lastSyncDate: null as Date | null,
    variant: 'base',
    batchSave: vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
      for (const record of recordsOf(records)) saved.keep(model, record)
      return undefined
    }),
    batchUpdate: vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
      for (const record of recordsOf(records))
        saved.keep(model, { ...saved.of(model).get(idOf(record)), ...record })
      return true
    }),
    batchDelete: vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
      for (const record of recordsOf(records)) saved.of(model).delete(idOf(record))
      return undefined
    }),
    listRecords: vi.fn(async function* (_model?: unknown): AsyncGenerator<never, void, unknown> {}),
    getRecordsByIds: vi.fn(async (ids: readonly unknown[], model: unknown) => {
      const found = ids.flatMap((id) => {
        const record = saved.of(model).get(String(id))
        return record === undefined ? [] : [[id, record] as const]
      })
      return new Map(found)
    }),
    setMergingStrategy: vi.fn(async (..._args: unknown[]): Promise<void> => undefined),
  }
}

class SavedRecords {
  readonly #models = new Map<string, Map<string, object>>()

  of(model: unknown): Map<string, object> {
    const name = String(model)
    const records = this.#models.get(name) ?? new Map<string, object>()
    this.#models.set(name, records)
    return records
  }

  keep(model: unknown, record: object): void {
    this.of(model).set(idOf(record), record)
  }
}

function recordsOf(records: unknown): object[] {
  if (!Array.isArray(records)) return []
  return records.filter((record): record is object => typeof record === 'object' && record !== null)
}

function idOf(record: object): string {
  return String((record as { id?: unknown }).id)
}
