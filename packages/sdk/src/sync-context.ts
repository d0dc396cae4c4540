import type { ActionContext, Metadata } from './action-context.js'

export type RecordModels = Readonly<Record<string, { readonly id: string }>>

type Named<TModels> = Extract<keyof TModels, string>

/** How the records of a model change when a provider's copy and ours differ. */
export type MergingStrategy = { readonly strategy: 'override' | 'ignore_if_modified_after' }

/** What a sync is given: everything an action has, and the records of its models. */
export type SyncContext<
  TModels extends RecordModels = RecordModels,
  TMetadata = Metadata,
  TCheckpoint = Metadata,
> = ActionContext<TMetadata, TCheckpoint> & {
  readonly variant: string
  /** When the last successful run started; undefined on the first. */
  readonly lastSyncDate: Date | undefined

  /** Adds the records, or replaces those with the same id. Throws ValidationError naming the record. */
  batchSave<K extends Named<TModels>>(
    records: readonly TModels[K][] | null | undefined,
    model: K,
  ): Promise<boolean>
  /** Merges deeply into the records with the same id. */
  batchUpdate<K extends Named<TModels>>(
    records: readonly ({ readonly id: string } & PartialDeep<TModels[K]>)[] | null | undefined,
    model: K,
  ): Promise<boolean>
  batchDelete<K extends Named<TModels>>(
    records: readonly ({ readonly id: string } & Partial<TModels[K]>)[] | null | undefined,
    model: K,
  ): Promise<boolean>

  /** All stored records of the model, one by one; `cursor` continues where an id ended an earlier walk. */
  listRecords<K extends Named<TModels>>(
    model: K,
    options?: { readonly cursor?: string },
  ): AsyncGenerator<TModels[K], undefined, void>
  /** The records that exist, by id. */
  getRecordsByIds<K extends Named<TModels>, Id extends string | number>(
    ids: readonly Id[],
    model: K,
  ): Promise<Map<Id, TModels[K]>>

  /** Opens a window that stays open over executions: records saved from now on count as seen. */
  trackDeletesStart(model: Named<TModels>): Promise<void>
  /**
   * Deletes what was not seen since `trackDeletesStart`. Throws when a `paginate` was left before its last page,
   * and, unless `confirmed`, when more than half of more than 20 records would be deleted.
   */
  trackDeletesEnd(
    model: Named<TModels>,
    options?: { readonly confirmed?: boolean },
  ): Promise<{ readonly deletedKeys: readonly string[] }>
  /** Deletes what this execution has not saved; the same guards as `trackDeletesEnd`. */
  deleteRecordsFromPreviousExecutions(
    model: Named<TModels>,
  ): Promise<{ readonly deletedKeys: readonly string[] }>
  /**
   * `override` (the default) lets this execution replace any record; `ignore_if_modified_after` leaves alone what
   * somebody else changes from now on, such as a webhook.
   */
  setMergingStrategy(merging: MergingStrategy, model: Named<TModels>): Promise<void>
}

export type PartialDeep<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: PartialDeep<T[K]> }
    : T
