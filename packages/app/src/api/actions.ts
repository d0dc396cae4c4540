import { actionContracts, PlumbError } from '@plumb/protocol'
import { actionFailure, readConnection } from '@plumb/runtime'
import type { ActionOutcome } from '@plumb/runtime'
import { handle } from './handler.js'
import type { Handler } from './handler.js'

export const actionHandlers: readonly Handler[] = [
  handle(actionContracts.trigger, async (given, { plumb, environment, signal }) => {
    const { later, maxRetries = 0, idempotencyKey, ...order } = given
    const keyed = {
      environment,
      ...order,
      input: given.input,
      ...(idempotencyKey && { idempotencyKey }),
    }
    if (later === 'true' || later === '1') {
      // Told at once: nobody waits for an action of an account that is not there.
      await readConnection({ db: plumb.db, environment }, order)
      const { id } = await plumb.actions.enqueue({ ...keyed, maxRetries })
      return { id, statusUrl: `/action/${id}` }
    }
    return outputOf(await plumb.actions.run({ ...keyed, signal }))
  }),
  handle(actionContracts.result, async ({ id }, { plumb, environment }) => {
    const action = await plumb.actions.get({ environment, id })
    if (action === null) throw unknown(id)
    if (action.state !== 'done') throw pending(id, action.state)
    return outputOf(action.outcome)
  }),
]

function outputOf(outcome: ActionOutcome): unknown {
  if (outcome.kind === 'returned') return outcome.output
  throw actionFailure(outcome)
}

function unknown(id: string): PlumbError {
  return new PlumbError({
    code: 'action-unknown',
    message: `There is no asynchronous action "${id.slice(0, 100)}" in this environment.`,
    remedy: 'Use the id that the trigger answered, with a key of the same environment.',
  })
}

function pending(id: string, state: string): PlumbError {
  return new PlumbError({
    code: 'action-pending',
    message: `The action "${id}" is ${state}.`,
    remedy: 'Ask again in a moment.',
  })
}
