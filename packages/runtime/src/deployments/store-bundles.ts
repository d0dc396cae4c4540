import { createHash, randomUUID } from 'node:crypto'
import { largestBundle, PlumbError } from '@plumb/protocol'
import { findDefinitions, removeUnusedBundles, requireEnvironment, saveBundles } from '@plumb/store'
import type { Database, FunctionBundle } from '@plumb/store'
import type { RunnerPool } from '../runner/runner-pool.js'

export type BundleParts = {
  readonly db: Database
  readonly environment: string
  readonly pool: Pick<RunnerPool, 'describe'>
}

/** Code as it was sent, with the file it was made of for messages. */
export type SentBundle = { readonly file: string; readonly code: string }

/** Functions that one process loads before a fresh one takes its place. */
const perProcess = 500
/** Bundles that go to the database in one statement. */
const perStatement = 50

/**
 * Stores code for a deployment that follows, and returns its hashes. Each text that the environment does not have yet
 * is loaded in a box, which alone says what it declares. Throws PlumbErrors `deployment-invalid`, `function-invalid`.
 */
export async function storeBundles(
  { db, environment, pool }: BundleParts,
  sent: readonly SentBundle[],
  { now, signal }: { readonly now: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  await requireEnvironment(db, environment)
  const hashes = sent.map(hashOfBundle)
  const known = await findDefinitions(db, environment, hashes)
  const unknown = new Map(
    sent.map((bundle, index) => [hashes[index] ?? '', bundle] as const).filter(isNotIn(known)),
  )
  await removeUnusedBundles(db, environment, now)
  let described: FunctionBundle[] = []
  let tenant = ''
  let loaded = 0
  for (const [hash, { file, code }] of unknown) {
    if (loaded % perProcess === 0) tenant = `deployment ${randomUUID()}`
    loaded += 1
    const definition = await pool.describe({ code, fileName: file, tenant, signal })
    described.push({ hash, code, definition })
    if (described.length < perStatement && loaded < unknown.size) continue
    await saveBundles(db, environment, { bundles: described, now })
    described = []
  }
  return hashes
}

function isNotIn(known: ReadonlyMap<string, unknown>) {
  return ([hash]: readonly [string, SentBundle]): boolean => !known.has(hash)
}

/** SHA-256 in hexadecimal. Throws PlumbError `deployment-invalid` for what no database keeps or no runner takes. */
function hashOfBundle({ file, code }: SentBundle): string {
  if (code.length > largestBundle) {
    throw invalid(
      `The bundle of ${JSON.stringify(file)} has ${code.length} characters; ${largestBundle} are the most.`,
      'Import less: what is not used, or data that the function could read from the provider.',
    )
  }
  if (/[\0\p{Surrogate}]/u.test(code)) {
    throw invalid(
      `The bundle of ${JSON.stringify(file)} holds a NUL or half a character, which no text may.`,
      'Write it as an escape, such as "\\0", and compile the project again.',
    )
  }
  return createHash('sha256').update(code).digest('hex')
}

function invalid(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'deployment-invalid', message, remedy })
}
