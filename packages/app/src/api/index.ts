import { environmentHandlers } from './environments.js'
import type { Handler } from './handler.js'
import { keyHandlers } from './keys.js'

/** What answers each contract. */
export const apiHandlers: readonly Handler[] = [...environmentHandlers, ...keyHandlers]
