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
  const distance = (name: string) => editDistance(action, name)
  const near = names.filter((name) => distance(name) <= Math.max(2, action.length / 3))
  const [nearest] = near.sort((a, b) => distance(a) - distance(b))
  const hint = nearest === undefined ? '' : `Did you mean "${nearest}"? `
  return new PlumbError({
    code: 'function-not-found',
    message: `Integration "${integrationKey}" has no deployed action "${action}".`,
    remedy:
      names.length === 0
        ? 'Deploy it: `plumb deploy`; `plumb deployments list` shows what is there.'
        : `${hint}It has ${names.slice(0, 20).join(', ')}.`,
  })
}
