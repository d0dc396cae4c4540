import { maxFrameBytes, PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { Models } from '../create-sync.js'
import type { HostChannel } from '../host-channel.js'
import type { MergingStrategy, SyncContext } from '../sync-context.js'
import { issuesOf, ValidationError } from '../validation-error.js'
import type { ValidationIssue } from '../validation-error.js'
import { valueAt } from '../dotted-path.js'
import { FunctionContext } from './function-context.js'
import type { ContextSchemas } from './function-context.js'

type Batch = readonly { readonly id: string }[] | null | undefined
type Deleted = { readonly deletedKeys: readonly string[] }

type Page<T> = { readonly records: readonly T[]; readonly next_cursor: string | null }

/** Records per call of the host. */
const batchSize = 1000
const pageSize = 100
/** Issues that a ValidationError of a batch lists. */
const mostIssues = 20

/** The context of syncs: an action's, and the records of the declared models. */
export class RecordsContext extends FunctionContext implements SyncContext {
  readonly variant: string
  readonly lastSyncDate: Date | undefined
  readonly #models: Models

  constructor(host: HostChannel, schemas: ContextSchemas & { readonly models: Models }) {
    super(host, schemas)
    const { variant, lastSyncDate } = host.context
    this.variant = variant
    this.lastSyncDate = lastSyncDate === null ? undefined : new Date(lastSyncDate)
    this.#models = schemas.models
  }

  async batchSave(records: Batch, model: string): Promise<boolean> {
    const schema = this.#schemaOf(model)
    return this.#send('saveRecords', { records, model, check: (record) => issues(schema, record) })
  }

  batchSend(records: Batch, model: string): Promise<boolean> {
    return this.batchSave(records, model)
  }

  async batchUpdate(records: Batch, model: string): Promise<boolean> {
    const { id, ...shape } = this.#schemaOf(model)._zod.def.shape
    const schema = z.object({ ...z.object(shape).partial().shape, id })
    const check = (record: unknown) =>
      issues(schema, record).filter(({ path }) => !path.includes('.') || isGiven(record, path))
    return this.#send('updateRecords', { records, model, check })
  }

  async batchDelete(records: Batch, model: string): Promise<boolean> {
    const { id } = this.#schemaOf(model)._zod.def.shape
    const check = (record: unknown) => issues(id, valueAt(record, 'id'), ['id'])
    return this.#send('deleteRecords', { records, model, check })
  }

  async *listRecords<T>(
    model: string,
    options?: { readonly cursor?: string },
  ): AsyncGenerator<T, undefined, void> {
    this.#schemaOf(model)
    let cursor: string | null = options?.cursor ?? null
    do {
      const page: Page<T> = await this.call('listRecords', { model, cursor, limit: pageSize })
      yield* page.records
      cursor = page.next_cursor
    } while (cursor !== null)
    return undefined
  }

  async getRecordsByIds<T, Id extends string | number>(
    ids: readonly Id[],
    model: string,
  ): Promise<Map<Id, T>> {
    this.#schemaOf(model)
    const asked = { model, ids: ids.map(String) }
    const found = await this.call<({ id: string } & T)[]>('getRecords', asked)
    const byId = new Map(found.map((record) => [record.id, record]))
    return new Map(
      ids.flatMap((id) => {
        const record = byId.get(String(id))
        return record === undefined ? [] : [[id, record] as const]
      }),
    )
  }

  async trackDeletesStart(model: string): Promise<void> {
    this.#schemaOf(model)
    await this.call('trackDeletesStart', { model })
  }

  async trackDeletesEnd(model: string, options?: { confirmed?: boolean }): Promise<Deleted> {
    this.#requireFinishedWalks('trackDeletesEnd', model)
    return this.call('trackDeletesEnd', { model, confirmed: options?.confirmed ?? false })
  }

  async deleteRecordsFromPreviousExecutions(model: string): Promise<Deleted> {
    this.#requireFinishedWalks('deleteRecordsFromPreviousExecutions', model)
    return this.call('deleteUnsavedRecords', { model })
  }

  async setMergingStrategy(merging: MergingStrategy, model: string): Promise<void> {
    this.#schemaOf(model)
    await this.call('setMergingStrategy', { model, strategy: merging.strategy })
  }

  #schemaOf(model: string): Models[string] {
    const schema = Object.hasOwn(this.#models, model) ? this.#models[model] : undefined
    if (schema !== undefined) return schema
    const known = Object.keys(this.#models).join(', ') || 'none'
    throw new PlumbError({
      code: 'function-invalid',
      message: `The sync declares no model "${model}"; it declares: ${known}.`,
      remedy: 'Add the model to createSync({ models }), or correct its name.',
    })
  }

  /** Deleting what was not seen after half a walk would delete good records. */
  #requireFinishedWalks(member: string, model: string): void {
    this.#schemaOf(model)
    if (this.unfinishedWalks === 0) return
    throw new PlumbError({
      code: 'request-invalid',
      message: `ctx.${member}("${model}") was called though ${this.unfinishedWalks} paginate walk(s) ended before the last page.`,
      remedy: 'Walk every page before it, or leave it out of this execution.',
    })
  }

  async #send(
    method: string,
    batch: { records: Batch; model: string; check: (record: unknown) => ValidationIssue[] },
  ): Promise<boolean> {
    const records = batch.records ?? []
    const found = records.flatMap((record, index) =>
      batch.check(record).map((issue) => ({ ...issue, path: `${index}.${issue.path}` })),
    )
    if (found.length > 0) {
      throw new ValidationError(`Records of model "${batch.model}"`, found.slice(0, mostIssues))
    }
    for (let start = 0; start < records.length; start += batchSize) {
      await this.#sendSlice(method, batch.model, records.slice(start, start + batchSize))
    }
    return true
  }

  /** Large records go in smaller slices: few batches need them, so none is measured before it was refused. */
  async #sendSlice(method: string, model: string, records: readonly object[]): Promise<void> {
    try {
      await this.call(method, { model, records })
    } catch (error) {
      if (records.length < 2 || !isOverCap(error, records)) throw error
      const middle = Math.ceil(records.length / 2)
      await this.#sendSlice(method, model, records.slice(0, middle))
      await this.#sendSlice(method, model, records.slice(middle))
    }
  }
}

/** What a frame holds beside the records takes less than this. */
const frameRest = 1024

function isOverCap(error: unknown, records: readonly object[]): boolean {
  if (!(error instanceof PlumbError) || error.code !== 'request-invalid') return false
  return Buffer.byteLength(JSON.stringify(records)) > maxFrameBytes - frameRest
}

function issues(schema: z.core.$ZodType, value: unknown, prefix: string[] = []): ValidationIssue[] {
  const result = z.core.safeParse(schema, value)
  return result.success ? [] : issuesOf(result.error, prefix)
}

function isGiven(record: unknown, path: string): boolean {
  return valueAt(record, path) !== undefined
}
