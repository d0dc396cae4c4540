import { createHash, randomUUID } from 'node:crypto'
import type { FunctionKind } from '@plumb/protocol'
import { findDeployedFunction, listDeployedEntries, saveDeployment } from '@plumb/store'
import type { Database, DeployedAllowance, DeployedFunction } from '@plumb/store'
import { transform } from 'esbuild'
import type { RunnerPool } from '../../runner/runner-pool.js'

export type TextOrder = {
  readonly environment?: string
  readonly integrationKey: string
  readonly name: string
  /** TypeScript, or JavaScript of either module system; imports stay as they are. */
  readonly code: string
  readonly allow?: Partial<DeployedAllowance>
}

/** Where functions are deployed to, and what reads what they declare. */
export type TextParts = { readonly db: Database; readonly pool: Pick<RunnerPool, 'describe'> }

/**
 * Deploys one function from its text, beside those that are live: one of the same kind and name is replaced.
 * What it declares is read in a real box.
 */
export async function deployText(parts: TextParts, order: TextOrder): Promise<DeployedFunction> {
  const { environment = 'dev', integrationKey, name } = order
  const { code } = await transform(order.code, { loader: 'ts', format: 'cjs', target: 'node20' })
  const definition = await parts.pool.describe({ code, fileName: `${name}.ts` })
  const { kind } = definition
  const hash = createHash('sha256').update(code).digest('hex')
  const live = await listDeployedEntries(parts.db, { environment })
  const others = live.filter(
    (one) => !(one.integrationKey === integrationKey && one.kind === kind && one.name === name),
  )
  const saved = await saveDeployment(parts.db, {
    ...{ environment, id: `dep_${randomUUID()}`, createdBy: 'test', now: new Date().toISOString() },
    functions: [
      ...others,
      {
        ...{ integrationKey, kind, name, fileName: fileNameOf(integrationKey, kind, name) },
        ...{ sourceHash: hash, bundleHash: hash },
        allow: { credentials: false, uncontrolledFetch: false, ...order.allow },
      },
    ],
    bundles: [{ hash, code, definition }],
  })
  const found = await findDeployedFunction(parts.db, { environment, integrationKey, kind, name })
  if (found === null) throw new Error(`${name} was not deployed (${saved.kind}).`)
  return found
}

function fileNameOf(integrationKey: string, kind: FunctionKind, name: string): string {
  return `${integrationKey}/${kind}s/${name}.ts`
}
