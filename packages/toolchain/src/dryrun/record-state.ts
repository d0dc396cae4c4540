import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { jsonObjectSchema, PlumbError } from '@plumb/protocol'
import { RecordSet } from '@plumb/runtime'
import { z } from 'zod'

const stateSchema = z.strictObject({
  /** Where the last run of a sync stood. */
  checkpoint: jsonObjectSchema.nullable(),
  records: z.record(z.string(), z.array(jsonObjectSchema)),
})

export type DryRunState = z.infer<typeof stateSchema>

/** What earlier dry runs left in `path`; empty without such a file. Throws PlumbError `input-invalid`. */
export async function readState(path: string | null): Promise<DryRunState> {
  const nothing: DryRunState = { checkpoint: null, records: {} }
  if (path === null) return nothing
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return nothing
  try {
    return stateSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new PlumbError({
      code: 'input-invalid',
      message: `${path} is not a state file of plumb dryrun.`,
      remedy: 'Give another file, or delete it to start afresh.',
      cause,
    })
  }
}

/** Replaces the file as a whole, so that a run that was ended leaves the old one. */
export async function writeState(path: string, state: DryRunState): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** The records of a state as a run works with them. */
export function recordsOf({ records }: DryRunState): RecordSet {
  return new RecordSet(records)
}
