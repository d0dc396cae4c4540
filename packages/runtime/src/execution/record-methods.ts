import { PlumbError } from '@plumb/protocol'
import type { RecordChanges } from '@plumb/protocol'
import { z } from 'zod'
import { hostMethod } from '../runner/function-host.js'
import type { HostMethod } from '../runner/function-host.js'
import { MergingRules } from './merging-strategy.js'
import type { RecordLedger } from './record-changes.js'
import type { KeptChange, OthersChanges, RecordKeeper } from './record-keeper.js'
import type { StoredRecord } from './record-set.js'

const mostPerCall = 1000
const name = z.string().max(200)
const record = z.looseObject({ id: z.string() }).transform((value) => value as StoredRecord)
const batch = z.strictObject({ model: name, records: z.array(record).max(mostPerCall) })
const oneModel = z.strictObject({ model: name })
const windowEnd = z.strictObject({ model: name, confirmed: z.boolean() })
const merging = z.strictObject({
  model: name,
  strategy: z.enum(['override', 'ignore_if_modified_after']),
})
const byIds = z.strictObject({ model: name, ids: z.array(z.string()) })
const page = z.strictObject({
  model: name,
  cursor: z.string().max(2000).nullable(),
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
  const known = <Args extends { model: string }>(
    args: z.ZodType<Args>,
    work: (args: Args) => unknown,
  ): HostMethod =>
    hostMethod(args, (given) => {
      if (models.includes(given.model)) return turns(() => work(given))
      throw unknownModel(given.model, models)
    })
  const rules = new MergingRules(records)
  return [
    ...changeMethods({ ...parts, rules }, known),
    [
      'setMergingStrategy',
      known(merging, async ({ model, strategy }) => {
        await rules.set(model, strategy)
        return null
      }),
    ],
    ['listRecords', known(page, ({ model, ...rest }) => records.list(model, rest))],
    ['getRecords', known(byIds, ({ model, ids }) => records.get(model, ids))],
    [
      'trackDeletesStart',
      known(oneModel, ({ model }) => records.openDeleteWindow(model, { continued })),
    ],
    [
      'trackDeletesEnd',
      known(windowEnd, async ({ model, confirmed }) =>
        gone(ledger, model, await records.closeDeleteWindow(model, confirmed)),
      ),
    ],
    [
      'deleteUnsavedRecords',
      known(oneModel, async ({ model }) => {
        const options = { confirmed: false, continued }
        return gone(ledger, model, await records.deleteUnseen(model, options))
      }),
    ],
  ]
}

type Declare = <Args extends { model: string }>(
  args: z.ZodType<Args>,
  work: (args: Args) => unknown,
) => HostMethod

type Change = (
  model: string,
  records: readonly StoredRecord[],
  spare?: OthersChanges,
) => KeptChange | Promise<KeptChange>

function changeMethods(
  { records, ledger, rules }: Parts & { readonly rules: MergingRules },
  known: Declare,
): [string, HostMethod][] {
  const change = (kind: keyof RecordChanges, work: Change): HostMethod =>
    known(batch, async ({ model, records: given }) => {
      const kept = await rules.apply(model, (spare) => work(model, given, spare))
      ledger.note(kind, model, kept.records)
      return kind === 'deleted' ? keysOf(kept.records) : null
    })
  return [
    ['saveRecords', change('saved', (...args) => records.save(...args))],
    ['updateRecords', change('updated', (...args) => records.update(...args))],
    ['deleteRecords', change('deleted', (...args) => records.delete(...args))],
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
