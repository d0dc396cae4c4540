import { editDistance, PlumbError } from '@plumb/protocol'
import { findDeployedFunction, listDeployedFunctions } from '@plumb/store'
import type { Database, DeployedFunction } from '@plumb/store'
import { changedKey, RecentValues } from '../gateway/recent-values.js'
import type { FunctionFinder } from './run-action.js'

const kind = 'action'
const keepMs = 5000
const most = 2000

/**
 * Finds deployed actions, and keeps them until another deployment is live. Throws PlumbError `function-not-found`,
 * which names the nearest one that there is.
 */
export function openFunctionFinder(
  db: Database,
  now: () => number,
): { readonly find: FunctionFinder; close(): void } {
  const recent = new RecentValues<DeployedFunction>({ keepMs, most, now })
  const stop = db.listen('plumb_changes', (payload) => {
    const key = changedKey(payload)
    // A change of an integration or a connection names more than the environment.
    if (key.length <= 1) recent.forget(key)
  })
  return {
    close: stop,
    find: ({ environment, integrationKey, action: name }) =>
      recent.get([environment, integrationKey, name], async () => {
        const asked = { environment, integrationKey, kind, name } as const
        const found = await findDeployedFunction(db, asked)
        if (found !== null) return found
        throw notFound(name, integrationKey, await listDeployedFunctions(db, asked))
      }),
  }
}

function notFound(
  action: string,
  integrationKey: string,
  others: readonly DeployedFunction[],
): PlumbError {
  const names = others.map(({ compiled }) => compiled.name)
  const [nearest] = [...names].sort((a, b) => editDistance(action, a) - editDistance(action, b))
  return new PlumbError({
    code: 'function-not-found',
    message: `Integration "${integrationKey}" has no deployed action "${action}".`,
    remedy:
      nearest === undefined
        ? 'Deploy it: `plumb deploy`; `plumb deployments list` shows what is there.'
        : `Did you mean "${nearest}"? It has ${names.slice(0, 20).join(', ')}.`,
  })
}
