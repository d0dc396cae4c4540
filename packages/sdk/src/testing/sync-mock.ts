import { vi } from 'vitest'
import { NangoActionMock } from './action-mock.js'

/** A context of syncs that answers from recordings; what is saved is kept and stays inspectable by the spies. */
export class NangoSyncMock extends NangoActionMock {
  readonly lastSyncDate: Date | null = null
  readonly variant = 'base'
  readonly #saved = new Map<string, Map<string, object>>()

  batchSave = vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
    for (const record of recordsOf(records)) this.#keep(model, record)
    return undefined
  })
  batchUpdate = vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
    for (const record of recordsOf(records))
      this.#keep(model, { ...this.#of(model, record), ...record })
    return true
  })
  batchDelete = vi.fn(async (records: unknown, model: unknown): Promise<unknown> => {
    for (const record of recordsOf(records)) this.#model(model).delete(idOf(record))
    return undefined
  })
  listRecords = vi.fn(async function* (_model?: unknown): AsyncGenerator<never, void, unknown> {})
  getRecordsByIds = vi.fn(async (ids: readonly unknown[], model: unknown) => {
    const found = ids.flatMap((id) => {
      const record = this.#model(model).get(String(id))
      return record === undefined ? [] : [[id, record] as const]
    })
    return new Map(found)
  })
  setMergingStrategy = vi.fn(async (..._args: unknown[]): Promise<void> => undefined)

  #keep(model: unknown, record: object): void {
    this.#model(model).set(idOf(record), record)
  }

  #of(model: unknown, record: object): object {
    return this.#model(model).get(idOf(record)) ?? {}
  }

  #model(model: unknown): Map<string, object> {
    const name = String(model)
    const records = this.#saved.get(name) ?? new Map<string, object>()
    this.#saved.set(name, records)
    return records
  }
}

function recordsOf(records: unknown): object[] {
  if (!Array.isArray(records)) return []
  return records.filter((record): record is object => typeof record === 'object' && record !== null)
}

function idOf(record: object): string {
  return String((record as { id?: unknown }).id)
}
