import { PlumbError, variableContracts } from '@plumb/protocol'
import { setVariable } from '@plumb/runtime'
import { listVariables, removeVariable } from '@plumb/store'
import { handle } from './handler.js'
import type { Handler } from './handler.js'

const success = { success: true } as const

export const variableHandlers: readonly Handler[] = [
  handle(variableContracts.list, async (_, { plumb, environment }) => {
    const stored = await listVariables(plumb.db, environment)
    const variables = stored.map(({ name, updatedAt }) => ({ name, updated_at: updatedAt }))
    return { variables }
  }),
  handle(variableContracts.set, async ({ name, value }, { plumb, environment }) => {
    const now = new Date().toISOString()
    await setVariable({ db: plumb.db, keys: plumb.keys, environment }, { name, value, now })
    return success
  }),
  handle(variableContracts.delete, async ({ name }, { plumb, environment }) => {
    if (await removeVariable(plumb.db, environment, name)) return success
    throw new PlumbError({
      code: 'variable-unknown',
      message: `"${environment}" has no variable "${name}".`,
      remedy: '`plumb variables list` shows what there is.',
    })
  }),
]
