import { join } from 'node:path'
import type { ApiDescription } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import type { Config } from '../config.js'
import { providerFolders } from '../workbench.js'

/** The API description of a provider of the catalog or of the project. */
export async function loadDescription(name: string, config: Config): Promise<ApiDescription> {
  const providers = await loadProviders({ directories: await providerFolders(config.directory) })
  const loaded = providers.get(name)
  if (!loaded) {
    throw new PlumbError({
      code: 'provider-unknown',
      message: `There is no provider "${name}".`,
      remedy: `Known are: ${[...providers.keys()].sort().join(', ')}.`,
    })
  }
  if (loaded.apiDescription === null) {
    throw new PlumbError({
      code: 'api-description-missing',
      message: `The provider "${name}" names no API description.`,
      remedy: `Add \`apiDescription:\` to ${loaded.path}.`,
    })
  }
  const { baseUrl, paginate } = loaded.provider.proxy
  const { loadApiDescription } = await import('@plumb/builder')
  return loadApiDescription(loaded.apiDescription, {
    baseUrl,
    ...(paginate && { pagination: paginate }),
    cacheDir: join(config.home, 'cache', 'api-descriptions'),
  })
}
