import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { hostMethod } from '../runner/function-host.js'
import type { HostMethod } from '../runner/function-host.js'
import { MergingRules } from './merging-strategy.js'
import type { RecordLedger } from './record-changes.js'
import type { RecordSet, StoredRecord } from './record-set.js'

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
  cursor: z.string().regex(/^\d+$/).nullable(),
  limit: z.number().int().min(1).max(mostPerCall),
})

type Parts = {
  readonly records: RecordSet
  readonly ledger: RecordLedger
  /** Model names the function declares. */
  readonly models: ReadonlySet<string>
}

/** The record calls of a sync. A model that the function does not declare is refused. */
export function recordMethods(parts: Parts): [string, HostMethod][] {
  const { models } = parts
  const known = <Args extends { model: string }>(
    args: z.ZodType<Args>,
    work: (args: Args) => unknown,
  ): HostMethod =>
    hostMethod(args, (given) => {
      if (models.has(given.model)) return work(given)
      throw unknownModel(given.model, models)
    })
  const { records, ledger } = parts
  const rules = new MergingRules(records)
  return [
    ...changeMethods({ ...parts, rules }, known),
    [
      'setMergingStrategy',
      known(merging, ({ model, strategy }) => {
        rules.set(model, strategy)
        return null
      }),
    ],
    ['listRecords', known(page, ({ model, ...rest }) => records.list(model, rest))],
    ['getRecords', known(byIds, ({ model, ids }) => records.get(model, ids))],
    ['trackDeletesStart', known(oneModel, ({ model }) => records.openDeleteWindow(model))],
    [
      'trackDeletesEnd',
      known(windowEnd, ({ model, confirmed }) =>
        gone(ledger, model, records.closeDeleteWindow(model, confirmed)),
      ),
    ],
    [
      'deleteUnsavedRecords',
      known(oneModel, ({ model }) =>
        gone(ledger, model, records.deleteUnseen(model, ledger.savedIds(model), false)),
      ),
    ],
  ]
}

type Declare = <Args extends { model: string }>(
  args: z.ZodType<Args>,
  work: (args: Args) => unknown,
) => HostMethod

function changeMethods(
  { records, ledger, rules }: Parts & { readonly rules: MergingRules },
  known: Declare,
): [string, HostMethod][] {
  return [
    [
      'saveRecords',
      known(batch, ({ model, records: given }) =>
        rules.apply(model, given, (passed) => {
          records.save(model, passed)
          ledger.note('saved', model, passed)
        }),
      ),
    ],
    [
      'updateRecords',
      known(batch, ({ model, records: given }) =>
        rules.apply(model, given, (passed) =>
          ledger.note('updated', model, records.update(model, passed)),
        ),
      ),
    ],
    [
      'deleteRecords',
      known(batch, ({ model, records: given }) =>
        rules.apply(model, given, (passed) => gone(ledger, model, records.delete(model, passed))),
      ),
    ],
  ]
}

function gone(
  ledger: RecordLedger,
  model: string,
  deleted: readonly StoredRecord[],
): { deletedKeys: string[] } {
  ledger.note('deleted', model, deleted)
  return { deletedKeys: deleted.map(({ id }) => id) }
}

function unknownModel(model: string, models: ReadonlySet<string>): PlumbError {
  return new PlumbError({
    code: 'function-invalid',
    message: `The function declares no model "${model}"; it declares: ${[...models].join(', ') || 'none'}.`,
    remedy: 'Add the model to createSync({ models }), or correct its name.',
  })
}
