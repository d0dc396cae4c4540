import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sentManifestSchema, PlumbError } from '@plumb/protocol'
import type { InputOf, deploymentContracts } from '@plumb/protocol'
import type { Diagnostic } from '@plumb/toolchain/compile'
import type { OperationContext } from '../operations/operation.js'

type Preview = InputOf<(typeof deploymentContracts)['preview']>

/** What a project is deployed with, and the text of each bundle by its hash. */
export type CompiledProject =
  | {
      readonly kind: 'compiled'
      readonly manifest: Preview['manifest']
      readonly allow: NonNullable<Preview['allow']>
      readonly code: (bundleHash: string) => Promise<{ file: string; code: string }>
    }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles the project of a folder. A function that does not compile keeps all of them from being deployed, or those
 * of its integration. Throws PlumbErrors of the compiler, and `function-not-found` for an integration without functions.
 */
export async function readCompiled(
  { directory, integration }: { readonly directory: string; readonly integration?: string },
  { signal, progress }: Pick<OperationContext, 'signal' | 'progress'>,
): Promise<CompiledProject> {
  const { compileProject, readProjectConfig } = await import('@plumb/toolchain/compile')
  const compiled = await compileProject({ directory, signal, onProgress: progress })
  const errors = compiled.errors.filter(
    ({ path }) => integration === undefined || path.split('/').includes(integration),
  )
  if (errors.length > 0) return { kind: 'failed', diagnostics: errors }
  const manifest = sentManifestSchema.parse(JSON.parse(await readFile(compiled.manifest, 'utf8')))
  refuseAbsent(manifest.functions, integration)
  const { allow } = await readProjectConfig(compiled.directory)
  return { kind: 'compiled', manifest, allow, code: await readerOf(compiled.manifest) }
}

async function readerOf(manifestPath: string) {
  const { manifestSchema } = await import('@plumb/protocol')
  const { functions } = manifestSchema.parse(JSON.parse(await readFile(manifestPath, 'utf8')))
  const byHash = new Map(functions.map((one) => [one.bundleHash, one]))
  return async (bundleHash: string) => {
    const found = byHash.get(bundleHash)
    if (found === undefined) throw new Error(`The manifest has no bundle ${bundleHash}.`)
    const code = await readFile(join(dirname(manifestPath), found.bundle), 'utf8')
    return { file: found.file, code }
  }
}

type Named = { readonly integration: string; readonly linkedAs: readonly string[] }

function refuseAbsent(functions: readonly Named[], integration: string | undefined): void {
  const keys = new Set(functions.flatMap((one) => [one.integration, ...one.linkedAs]))
  if (integration === undefined || keys.has(integration)) return
  throw new PlumbError({
    code: 'function-not-found',
    message: `The project has no function of integration "${integration}".`,
    remedy:
      keys.size === 0
        ? 'Deploy the folder that holds the integrations.'
        : `Name one of ${[...keys].sort().slice(0, 20).join(', ')}.`,
  })
}
