import { PlumbError } from '@plumb/protocol'
import type { Finding } from '@plumb/protocol'
import { listFindings } from '@plumb/store'
import type { Queryable } from '@plumb/store'
import { findingId } from '../reading/finding-id.js'

export type NamedFinding = {
  readonly id: string
  readonly attemptId: string
  readonly finding: Finding
}

/** Characters of an id that must be given. */
const shortest = 8

/** A rejecting finding by its id, or by a beginning of it that no other has. Throws `finding-not-found`. */
export async function findFinding(db: Queryable, idOrPrefix: string): Promise<NamedFinding> {
  const rejecting = await listFindings(db, { severity: 'reject' })
  const named = rejecting.map(({ attemptId, ...finding }) => ({
    ...{ attemptId, finding },
    id: findingId(attemptId, finding),
  }))
  const found = named.filter(({ id }) => id.startsWith(idOrPrefix))
  const ids = [...new Set(found.map(({ id }) => id))]
  const [first] = found
  if (first === undefined || idOrPrefix.length < shortest)
    throw notFound(`There is no rejecting finding whose id begins with "${idOrPrefix}".`)
  if (ids.length > 1)
    throw notFound(`Several findings begin with "${idOrPrefix}": ${ids.slice(0, 4).join(', ')}.`)
  return first
}

function notFound(message: string): PlumbError {
  return new PlumbError({
    code: 'finding-not-found',
    message,
    remedy: 'Findings and their ids are listed by "plumb runs <run>" and "plumb trace <attempt>".',
  })
}
