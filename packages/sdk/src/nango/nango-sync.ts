import type { NangoAction, Schema, ZodCheckpoint, ZodMetadata } from './nango-action.js'

/** A zod object with a text `id`. */
export type ZodModel = Schema<{ id: string }>
type RawModel = { [member: string]: unknown; id: string }
type Deleted = Promise<{ deletedKeys: string[] }>

/** What a sync is given: everything an action has, and the records of its models. */
export interface NangoSync<
  TModels extends Record<string, ZodModel> = never,
  TMetadata extends ZodMetadata = never,
  TCheckpoint extends ZodCheckpoint = never,
  TName extends keyof TModels = keyof TModels,
> extends NangoAction<TMetadata, TCheckpoint> {
  variant: string
  /** When the last successful run started; undefined on the first. */
  lastSyncDate?: Date
  track_deletes: boolean

  /** Adds the records, or replaces those with the same id. */
  batchSave<T extends RawModel = TModels[TName]['_zod']['output']>(
    records: T[],
    model: TName,
  ): Promise<boolean> | boolean
  /** @deprecated The same as `batchSave`. */
  batchSend<T extends RawModel = TModels[TName]['_zod']['output']>(
    records: T[],
    model: TName,
  ): Promise<boolean | null>
  /** Marks the records with these ids as deleted. */
  batchDelete<T extends RawModel = TModels[TName]['_zod']['output']>(
    records: (Pick<T, 'id'> & Partial<T>)[],
    model: TName,
  ): Promise<boolean> | boolean
  /** Merges deeply into the records with the same id. */
  batchUpdate<T extends RawModel = TModels[TName]['_zod']['output']>(
    records: (Pick<T, 'id'> & Partial<T>)[],
    model: TName,
  ): Promise<boolean> | boolean

  /** The records that exist, by id. */
  getRecordsByIds<TKey = string | number, T extends RawModel = TModels[TName]['_zod']['output']>(
    ids: TKey[],
    model: TName,
  ): Promise<Map<TKey, T>> | Map<TKey, T>
  /** All stored records of the model, one by one. */
  listRecords<T extends RawModel = TModels[TName]['_zod']['output']>(
    model: TName,
    options?: { cursor?: string },
  ): AsyncGenerator<T>

  /** Opens a window that stays open over executions: records saved from now on count as seen. */
  trackDeletesStart(model: TName): Promise<void> | void
  /** Deletes what was not seen since `trackDeletesStart`; refuses after an unfinished walk and mass deletion. */
  trackDeletesEnd(model: TName, options?: { confirmed?: boolean }): Deleted | Awaited<Deleted>
  /** @deprecated Deletes what this execution has not saved; the same guards as `trackDeletesEnd`. */
  deleteRecordsFromPreviousExecutions(model: TName): Deleted | Awaited<Deleted>
  /** Whether a record that was changed after this run started may be replaced by it. */
  setMergingStrategy(
    merging: { strategy: 'ignore_if_modified_after' | 'override' },
    model: TName,
  ): Promise<void>
}
