import type { Execution } from '@plumb/protocol'

/** What came out of a run: the output of an action, or the records of a sync. Null when it did not return. */
export function resultOf(
  execution: Pick<Execution, 'outcome' | 'records' | 'functionKind'>,
): unknown {
  if (execution.outcome.kind !== 'returned') return null
  if (execution.functionKind !== 'sync') return execution.outcome.output ?? null
  return recordsOf(execution)
}

/** The records by model and kind of change, without the lists that are empty. */
export function recordsOf({ records }: Pick<Execution, 'records'>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(records).map(([model, changes]) => [
      model,
      Object.fromEntries(Object.entries(changes).filter(([, list]) => list.length > 0)),
    ]),
  )
}

export function returned({ outcome }: Pick<Execution, 'outcome'>): boolean {
  return outcome.kind === 'returned'
}

/** How a run that did not return ended, for a message. */
export function failureText({ outcome }: Pick<Execution, 'outcome'>): string {
  if (outcome.kind === 'threw') return outcome.error.message
  return outcome.kind === 'killed' ? outcome.detail : 'it returned'
}

/** Ids of the records that a run has saved or updated, as `Model id`. */
export function keptIds({ records }: Pick<Execution, 'records'>): string[] {
  return idsOf(records, ['saved', 'updated'])
}

export function deletedIds({ records }: Pick<Execution, 'records'>): string[] {
  return idsOf(records, ['deleted'])
}

function idsOf(
  records: Execution['records'],
  kinds: readonly ('saved' | 'updated' | 'deleted')[],
): string[] {
  return Object.entries(records).flatMap(([model, changes]) =>
    kinds.flatMap((kind) =>
      changes[kind].map((record) => `${model} ${JSON.stringify(record['id'])}`),
    ),
  )
}
