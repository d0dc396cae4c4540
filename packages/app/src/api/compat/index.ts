import { defineContract } from '@plumb/protocol'
import { readVariables } from '@plumb/runtime'
import { z } from 'zod'
import { handle } from '../handler.js'
import type { Handler } from '../handler.js'
import { deployedFunctions } from './deployed-functions.js'
import { olderPaths } from './older-paths.js'

const variables = defineContract({
  ...{ name: 'compat variables', summary: 'List the variables of functions with their values' },
  ...{ method: 'GET', path: '/environment-variables', scope: 'connections:credentials' },
  input: {},
  output: z.array(z.object({ name: z.string(), value: z.string() })),
  failures: [],
})

/**
 * What published clients of other servers ask for beyond our contracts. It is no part of our documents: who starts
 * today has a better way.
 */
export const compatHandlers: readonly Handler[] = [
  ...olderPaths,
  ...deployedFunctions,
  handle(variables, async (_, { plumb, environment }) => {
    const all = await readVariables({ ...plumb, environment })
    return Object.entries(all).map(([name, value]) => ({ name, value }))
  }),
]
