import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'

const configSchema = z.object({
  /** Packages that functions may import beside the SDK and zod. */
  allowedPackages: z.array(z.string()).default([]),
  /** What is refused unless a person allows it. */
  allow: z
    .strictObject({
      credentials: z.boolean().default(false),
      uncontrolledFetch: z.boolean().default(false),
    })
    .prefault({}),
  /** Settings of the server, which checks them. */
  settings: z.record(z.string(), z.unknown()).default({}),
})

/** What a project says about itself in `plumb.config.ts`. */
export type ProjectConfig = z.infer<typeof configSchema>

/** Packages that existing functions import and that need no permission. */
const compatiblePackages: readonly string[] = ['botbuilder', 'soap', 'unzipper']

/**
 * Reads `plumb.config.ts` without running it: the file must export one literal. Without the file, the defaults hold.
 * Throws PlumbError `config-invalid`.
 */
export async function readProjectConfig(directory: string): Promise<ProjectConfig> {
  const path = join(directory, 'plumb.config.ts')
  const text = await readFile(path, 'utf8').catch(() => null)
  const written = text === null ? {} : await literalOf(path, text)
  const parsed = configSchema.safeParse(written)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(`"${issue?.path.join('.') ?? ''}" in ${path} is wrong: ${issue?.message ?? ''}`)
}

/** Names of all packages that functions of the project may import. */
export function allowedPackagesOf(config: ProjectConfig): readonly string[] {
  return [...new Set([...compatiblePackages, ...config.allowedPackages])].sort()
}

async function literalOf(path: string, text: string): Promise<unknown> {
  const { exportedLiteral } = await import('./exported-literal.js')
  const found = exportedLiteral(text)
  if (found.kind === 'literal') return found.value
  throw invalid(`${path}:${found.line} holds ${JSON.stringify(found.text)}, which is no literal.`)
}

function invalid(message: string): PlumbError {
  const remedy =
    "Write: export default { allowedPackages: ['name'] }, with literals only: the file is read, not run."
  return new PlumbError({ code: 'config-invalid', message, remedy })
}
