import type { z } from 'zod'
import { PlumbError } from '@plumb/protocol'
import type { FunctionDefinition, sentManifestSchema } from '@plumb/protocol'
import { findDefinitions } from '@plumb/store'
import type { Database, DeployedAllowance, DeployedEntry } from '@plumb/store'

export type SentManifest = z.output<typeof sentManifestSchema>

/** What is to run in an environment. */
export type DeploymentOrder = {
  readonly manifest: SentManifest
  /** The functions of this integration alone are replaced. */
  readonly integrationKey?: string | undefined
  readonly allow: DeployedAllowance
}

/** A function with what its code declares, as a box has read it. */
export type DescribedEntry = DeployedEntry & { readonly definition: FunctionDefinition }

export type ReadOrder =
  | { readonly kind: 'complete'; readonly functions: readonly DescribedEntry[] }
  | { readonly kind: 'missing'; readonly hashes: readonly string[] }

/**
 * The functions of an order, links included, each with the definition that belongs to its code; or which code has not
 * been stored. Throws PlumbError `deployment-invalid` when the manifest contradicts the code, or itself.
 */
export async function readOrder(
  db: Database,
  environment: string,
  order: DeploymentOrder,
): Promise<ReadOrder> {
  const entries = entriesOf(order)
  refuseTwice(entries)
  const hashes = [...new Set(entries.map(({ bundleHash }) => bundleHash))]
  const definitions = await findDefinitions(db, environment, hashes)
  const missing = hashes.filter((hash) => !definitions.has(hash))
  if (missing.length > 0) return { kind: 'missing', hashes: missing }
  const functions = entries.map((entry) => described(entry, definitions.get(entry.bundleHash)))
  return { kind: 'complete', functions }
}

function entriesOf({ manifest, integrationKey, allow }: DeploymentOrder): DeployedEntry[] {
  return manifest.functions.flatMap(({ integration, linkedAs, file, ...one }) =>
    [integration, ...linkedAs]
      .filter((key) => integrationKey === undefined || key === integrationKey)
      .map((key) => ({
        ...{ integrationKey: key, kind: one.kind, name: one.name, fileName: file },
        ...{ sourceHash: one.sourceHash, bundleHash: one.bundleHash, allow },
      })),
  )
}

function refuseTwice(entries: readonly DeployedEntry[]): void {
  const seen = new Set<string>()
  for (const { integrationKey, kind, name } of entries) {
    const key = `${integrationKey}/${kind}/${name}`
    if (!seen.has(key)) seen.add(key)
    else throw invalid(`The manifest has the ${kind} "${integrationKey}/${name}" twice.`)
  }
}

function described(entry: DeployedEntry, definition: FunctionDefinition | undefined) {
  const { integrationKey, kind, name } = entry
  if (definition?.kind === kind) return { ...entry, definition }
  throw invalid(
    `The manifest says that "${integrationKey}/${name}" is of kind "${kind}", but its code declares one of kind "${definition?.kind}".`,
  )
}

function invalid(message: string): PlumbError {
  const remedy = 'Run `plumb compile`, which writes the manifest, and deploy again.'
  return new PlumbError({ code: 'deployment-invalid', message, remedy })
}
