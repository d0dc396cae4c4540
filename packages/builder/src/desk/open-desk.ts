import { searchOperations } from '../description/search-operations.js'
import { showOperation } from '../description/show-operation.js'
import { draftFunction } from '../draft/draft-function.js'
import type { BoxActions } from '../workspace/box-actions.js'
import { PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'
import { DeskState } from './desk-state.js'
import type { DeskTools } from './desk-tools.js'
import { dryRun } from './dry-run.js'
import { explore } from './explore.js'
import { checkFunction, submitFunction } from './hand-in.js'

/** The control side of one attempt: answers the `plumb` tool of its box, and knows how the attempt ended. */
export type Desk = {
  readonly actions: BoxActions
  readonly state: DeskState
  /** Whether the agent may stop: it has handed in, or there is no access. */
  isOver(): { readonly kind: 'submitted' | 'blocked' } | null
}

/** Makes the desk of an attempt. It holds no resources of its own. */
export function openDesk(tools: DeskTools): Desk {
  const state = new DeskState()
  const { description } = tools
  const actions: BoxActions = {
    searchDocs: async ({ words, limit }) => {
      const found = searchOperations(description, words.join(' '), Number.MAX_SAFE_INTEGER)
      const operations = found.slice(0, limit)
      return { operations: operations.map(briefly), total: found.length }
    },
    showDoc: async (operationId) => showDoc(tools, operationId),
    request: (request, signal) => explore(tools, state, { request, signal }),
    draft: async ({ operationId, kind }) => draft(tools, operationId, kind),
    dryrun: (input, signal) => dryRun(tools, state, { input, signal }),
    check: () => checkFunction(tools, state),
    submit: (operations) => submitFunction(tools, state, operations),
    blocked: async (claim) => state.end({ kind: 'claimed-blocked', ...claim }),
  }
  return { actions, state, isOver: () => overOf(state) }
}

function overOf({ ending }: DeskState) {
  if (ending === null) return null
  return { kind: ending.kind === 'submitted' ? 'submitted' : 'blocked' } as const
}

function briefly({ id, method, path, summary }: DeskTools['description']['operations'][number]) {
  return { id, method, path, summary }
}

function showDoc({ description }: DeskTools, operationId: string): JsonObject {
  const operation = description.operations.find(({ id }) => id === operationId)
  if (operation) return showOperation(description, operation)
  const [nearest] = searchOperations(description, operationId, 1)
  throw new PlumbError({
    code: 'usage',
    message: `The API description has no operation "${operationId}".`,
    remedy: nearest ? `Did you mean "${nearest.id}"?` : 'Look with `plumb docs search`.',
  })
}

function draft(tools: DeskTools, operationId: string | null, kind: 'action' | 'sync' | null) {
  const { operation, alternatives, ...rest } = draftFunction({
    description: tools.description,
    provider: tools.provider,
    interaction: tools.interaction,
    ...(operationId !== null && { operationId }),
    ...(kind !== null && { kind }),
  })
  return {
    ...rest,
    operation: operation?.id ?? null,
    alternatives: alternatives.map(({ id }) => id),
  }
}
