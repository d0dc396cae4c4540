import { PlumbError } from '@plumb/protocol'
import type { RecordChanges } from '@plumb/protocol'
import { z } from 'zod'
import type { HostMethod } from '../runner/function-host.js'
import { functionMethod } from './function-method.js'
import { MergingRules } from './merging-strategy.js'
import type { RecordLedger } from './record-changes.js'
import type { KeptChange, OthersChanges, RecordKeeper } from './record-keeper.js'
import type { StoredRecord } from '../records/stored-record.js'

const mostPerCall = 1000
const mostIds = 10_000
const name = z.string()
const record = z.custom<StoredRecord>(
  (value) => isObject(value) && typeof value['id'] === 'string',
  'a record is an object with a text as its id',
)
const batch = z.strictObject({ model: name, records: z.array(record).max(mostPerCall) })
const oneModel = z.strictObject({ model: name })
const windowEnd = z.strictObject({ model: name, confirmed: z.boolean() })
const merging = z.strictObject({
  model: name,
  strategy: z.enum(['override', 'ignore_if_modified_after']),
})
const byIds = z.strictObject({ model: name, ids: z.array(z.string()).max(mostIds) })
const page = z.strictObject({
  model: name,
  cursor: z.string().nullable(),
  limit: z.number().int().min(1).max(mostPerCall),
})

type Parts = {
  readonly records: RecordKeeper
  readonly ledger: RecordLedger
  /** Model names the function declares. */
  readonly models: readonly string[]
  /** The execution began with a checkpoint. */
  readonly continued: boolean
}

/** The record calls of a sync, one after the other. A model that the function does not declare is refused. */
export function recordMethods(parts: Parts): [string, HostMethod][] {
  const { models, records, ledger, continued } = parts
  const turns = openTurns()
  const known: Declare = (method, args, work) =>
    functionMethod(method, args, (given) => {
      if (models.includes(given.model)) return turns(() => work(given))
      throw unknownModel(given.model, models)
    })
  const rules = new MergingRules(records)
  return [
    ...changeMethods({ ...parts, rules }, known),
    known('setMergingStrategy', merging, async ({ model, strategy }) => {
      await rules.set(model, strategy)
      return null
    }),
    known('listRecords', page, ({ model, ...rest }) => records.list(model, rest)),
    known('getRecords', byIds, ({ model, ids }) => records.get(model, ids)),
    known('trackDeletesStart', oneModel, ({ model }) =>
      records.openDeleteWindow(model, { continued }),
    ),
    known('trackDeletesEnd', windowEnd, async ({ model, confirmed }) =>
      gone(ledger, model, await records.closeDeleteWindow(model, confirmed)),
    ),
    known('deleteUnsavedRecords', oneModel, async ({ model }) => {
      const options = { confirmed: false, continued }
      return gone(ledger, model, await records.deleteUnseen(model, options))
    }),
  ]
}

type Declare = <Args extends { model: string }>(
  method: string,
  args: z.ZodType<Args>,
  work: (args: Args) => unknown,
) => [string, HostMethod]

type Change = (
  model: string,
  records: readonly StoredRecord[],
  spare?: OthersChanges,
) => KeptChange | Promise<KeptChange>

function changeMethods(
  { records, ledger, rules }: Parts & { readonly rules: MergingRules },
  known: Declare,
): [string, HostMethod][] {
  const change = (method: string, kind: keyof RecordChanges, work: Change): [string, HostMethod] =>
    known(method, batch, async ({ model, records: given }) => {
      const kept = await rules.apply(model, (spare) => work(model, given, spare))
      ledger.note(kind, model, kept.records)
      return kind === 'deleted' ? keysOf(kept.records) : null
    })
  return [
    change('saveRecords', 'saved', (...args) => records.save(...args)),
    change('updateRecords', 'updated', (...args) => records.update(...args)),
    change('deleteRecords', 'deleted', (...args) => records.delete(...args)),
  ]
}

function gone(
  ledger: RecordLedger,
  model: string,
  deleted: readonly StoredRecord[],
): { deletedKeys: string[] } {
  ledger.note('deleted', model, deleted)
  return keysOf(deleted)
}

function keysOf(deleted: readonly StoredRecord[]): { deletedKeys: string[] } {
  return { deletedKeys: deleted.map(({ id }) => id) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Runs each piece of work when those before it have ended. */
function openTurns(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

function unknownModel(model: string, models: readonly string[]): PlumbError {
  return new PlumbError({
    code: 'function-invalid',
    message: `The function declares no model "${model}"; it declares: ${models.join(', ') || 'none'}.`,
    remedy: 'Add the model to createSync({ models }), or correct its name.',
  })
}
