import { actionHandlers } from './actions.js'
import { connectHandlers } from './connect.js'
import { connectionHandlers } from './connections.js'
import { deploymentHandlers } from './deployments.js'
import { variableHandlers } from './variables.js'
import { environmentHandlers } from './environments.js'
import type { Handler } from './handler.js'
import { integrationHandlers, providerHandlers } from './integrations.js'
import { keyHandlers } from './keys.js'
import { logHandlers } from './logs.js'
import { recordHandlers } from './records.js'
import { syncHandlers } from './syncs.js'

/** What answers each contract. */
export const apiHandlers: readonly Handler[] = [
  ...environmentHandlers,
  ...keyHandlers,
  ...connectionHandlers,
  ...connectHandlers,
  ...integrationHandlers,
  ...providerHandlers,
  ...deploymentHandlers,
  ...variableHandlers,
  ...recordHandlers,
  ...syncHandlers,
  ...actionHandlers,
  ...logHandlers,
]
