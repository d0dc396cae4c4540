import { dirname, isAbsolute, join, resolve } from 'node:path'
import { loadApiDescription, loadBriefs } from '@plumb/builder'
import type { LoadedBrief, PreparedBrief } from '@plumb/builder'
import { PlumbError } from '@plumb/protocol'
import { readConnection } from '@plumb/runtime'
import type { Config } from '../config.js'
import type { Workbench } from '../workbench.js'

export type PrepareContext = {
  readonly workbench: Workbench
  readonly config: Config
}

/**
 * Reads briefs and everything they refer to, so that nothing is spent on a build that cannot start.
 * Throws PlumbErrors `brief-*`, `provider-unknown`, `connection-unknown`, `api-description-*`.
 */
export async function prepareBriefs(
  paths: readonly string[],
  context: PrepareContext,
): Promise<PreparedBrief[]> {
  const { workbench, config } = context
  const absolute = paths.map((path) => resolve(config.directory, path))
  const briefs = await loadBriefs(absolute, { providers: [...workbench.providers.keys()] })
  const prepared: PreparedBrief[] = []
  for (const loaded of briefs) {
    const { integration: integrationKey, id: connectionId } = loaded.brief.connection
    await readConnection(workbench, { integrationKey, connectionId })
    prepared.push(await prepareBrief(loaded, context))
  }
  return prepared
}

async function prepareBrief(
  { path, brief }: LoadedBrief,
  { workbench, config }: PrepareContext,
): Promise<PreparedBrief> {
  const loaded = workbench.providers.get(brief.provider)
  if (!loaded) throw new Error(`loadBriefs let the unknown provider ${brief.provider} pass`)
  const { provider } = loaded
  const source = describedAt(path, brief.apiDescription) ?? loaded.apiDescription
  if (source === null) {
    throw new PlumbError({
      code: 'api-description-missing',
      message: `${path}: neither the brief nor the provider "${provider.name}" names an API description.`,
      remedy: 'Add `apiDescription:` with a path or URL to the brief.',
    })
  }
  const { baseUrl, paginate } = provider.proxy
  const description = await loadApiDescription(source, {
    baseUrl,
    ...(paginate && { pagination: paginate }),
    cacheDir: join(config.home, 'cache', 'api-descriptions'),
  })
  return { path, brief, provider, description }
}

/** A brief names its description by URL, or by a path relative to itself. */
function describedAt(briefPath: string, source: string | undefined): string | null {
  if (source === undefined) return null
  if (/^https?:\/\//.test(source) || isAbsolute(source)) return source
  return join(dirname(briefPath), source)
}
