import { PlumbError } from '@plumb/protocol'

/** The guard against deleting nearly everything looks at models with more records than this. */
const guardFrom = 20
const guardShare = 0.5

/** Throws PlumbError `request-invalid` when more than half of more than 20 records would go unconfirmed. */
export function refuseMassDelete(o: {
  readonly model: string
  readonly count: number
  readonly total: number
  readonly confirmed: boolean
}): void {
  if (o.confirmed || o.total <= guardFrom || o.count <= o.total * guardShare) return
  throw new PlumbError({
    code: 'request-invalid',
    message: `Deleting ${o.count} of ${o.total} records of "${o.model}" was refused: that is more than half.`,
    remedy:
      'Make sure that every page was walked and every record saved; if so, pass { confirmed: true } to trackDeletesEnd.',
  })
}

export function refuseMissingWindow(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `trackDeletesEnd("${model}") was called without trackDeletesStart("${model}").`,
    remedy: 'Call trackDeletesStart before the first page is saved.',
  })
}

export function refuseUnreadDelete(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `deleteRecordsFromPreviousExecutions("${model}") was refused: this execution continued from a checkpoint, and has not saved what earlier ones did.`,
    remedy:
      'Use trackDeletesStart and trackDeletesEnd, which stay open over executions, or read everything without a checkpoint.',
  })
}
