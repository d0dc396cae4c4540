import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { misbehaviourResultsSchema } from '@plumb/protocol'
import { mergeResults } from './misbehaviour-results.js'
import type { MisbehaviourResults } from '@plumb/protocol'
import { misbehaviourPage } from './misbehaviour-page.js'

const kept = fileURLToPath(
  new URL('../../../../../docs/misbehaviour-results.json', import.meta.url),
)

/** Writes the results into the repository; what was not measured this time stays as it was. */
export async function keepResults(results: MisbehaviourResults, file = kept): Promise<void> {
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  const whole =
    known === null
      ? results
      : mergeResults(misbehaviourResultsSchema.parse(JSON.parse(known)), results)
  await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`)
}

/** Writes the page with the chart. */
export async function writePage(
  results: MisbehaviourResults,
  o: { readonly file: string; readonly directory: string },
): Promise<void> {
  await writeFile(resolve(o.directory, o.file), misbehaviourPage(results))
}
