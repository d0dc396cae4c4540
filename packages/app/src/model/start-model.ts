import { resolveModel } from '@plumb/builder'
import type { ModelAccess } from '@plumb/builder'
import type { Config } from '../config.js'

export type StartedModel = {
  readonly access: ModelAccess
  close(): Promise<void>
}

/**
 * Makes `name` (`provider/model`) reachable: starts the offline model, or takes the provider's key from the
 * environment. Throws PlumbError `model-unknown` or `model-key-missing` before anything is spent.
 */
export async function startModel(name: string, config: Config): Promise<StartedModel> {
  const { environment } = config
  if (!name.startsWith('offline/')) {
    return { access: resolveModel(name, { environment }), close: async () => undefined }
  }
  // Loaded when it is wanted: most commands never start a model.
  const { startOfflineModel } = await import('@plumb/testbed/offline-model')
  const offline = await startOfflineModel()
  try {
    const access = resolveModel(name, { environment, offline })
    return { access, close: () => offline.close() }
  } catch (error) {
    await offline.close()
    throw error
  }
}
