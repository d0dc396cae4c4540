import type { JsonObject } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { hostMethod } from '../runner/function-host.js'
import type { HostMethod } from '../runner/function-host.js'
import type { RecordLedger } from './record-changes.js'
import type { RecordSet, StoredRecord } from './record-set.js'

const mostPerCall = 1000
const name = z.string().max(200)
const record = z.looseObject({ id: z.string() }).transform((value) => value as StoredRecord)
const batch = z.strictObject({ model: name, records: z.array(record).max(mostPerCall) })
const oneModel = z.strictObject({ model: name })
const windowEnd = z.strictObject({ model: name, confirmed: z.boolean() })
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
export function recordMethods({ records, ledger, models }: Parts): [string, HostMethod][] {
  const known = <Args extends { model: string }>(work: (args: Args) => unknown) => {
    return (args: Args): unknown => {
      if (models.has(args.model)) return work(args)
      throw unknownModel(args.model, models)
    }
  }
  const gone = (model: string, deleted: readonly JsonObject[]): { deletedKeys: string[] } => {
    ledger.note('deleted', model, deleted as StoredRecord[])
    return { deletedKeys: deleted.map(({ id }) => String(id)) }
  }
  type Batch = { model: string; records: StoredRecord[] }
  const save = ({ model, records: given }: Batch): null => {
    records.save(model, given)
    ledger.note('saved', model, given)
    return null
  }
  const update = ({ model, records: given }: Batch): null => {
    ledger.note('updated', model, records.update(model, given))
    return null
  }
  return [
    ['saveRecords', hostMethod(batch, known(save))],
    ['updateRecords', hostMethod(batch, known(update))],
    [
      'deleteRecords',
      hostMethod(
        batch,
        known(({ model, records: given }) => gone(model, records.delete(model, given))),
      ),
    ],
    [
      'listRecords',
      hostMethod(
        page,
        known(({ model, ...rest }) => records.list(model, rest)),
      ),
    ],
    [
      'getRecords',
      hostMethod(
        byIds,
        known(({ model, ids }) => records.get(model, ids)),
      ),
    ],
    [
      'trackDeletesStart',
      hostMethod(
        oneModel,
        known(({ model }) => records.openDeleteWindow(model) ?? null),
      ),
    ],
    [
      'trackDeletesEnd',
      hostMethod(
        windowEnd,
        known(({ model, confirmed }) => gone(model, records.closeDeleteWindow(model, confirmed))),
      ),
    ],
    [
      'deleteUnsavedRecords',
      hostMethod(
        oneModel,
        known(({ model }) =>
          gone(model, records.deleteUnseen(model, ledger.savedIds(model), false)),
        ),
      ),
    ],
  ]
}

function unknownModel(model: string, models: ReadonlySet<string>): PlumbError {
  return new PlumbError({
    code: 'function-invalid',
    message: `The function declares no model "${model}"; it declares: ${[...models].join(', ') || 'none'}.`,
    remedy: 'Add the model to createSync({ models }), or correct its name.',
  })
}
