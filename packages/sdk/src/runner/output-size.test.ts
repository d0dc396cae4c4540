import { expect, it } from 'vitest'
import { z } from 'zod'
import { createAction } from '../create-action.js'
import { functionOf } from './function-definition.js'
import { runFunction } from './run-function.js'
import { channel } from './testing/memory-channel.js'

/** Runs an action whose output has `size` bytes as JSON. */
const returned = (size: number, mostOutputBytes?: number): Promise<unknown> => {
  const [input, output] = [z.unknown(), z.string()]
  const exec = async () => 'é'.repeat((size - 2) / 2)
  const action = createAction({ description: 'd', input, output, exec })
  const host = channel({}, mostOutputBytes === undefined ? {} : { mostOutputBytes })
  return runFunction(functionOf(action), host, {})
}

it.each([[undefined], [1000], [3_000_000]])('an action may return %s bytes', async (most) => {
  const size = most ?? 2 * 1024 * 1024
  await expect(returned(size, most)).resolves.toHaveLength((size - 2) / 2)
  await expect(returned(size + 2, most)).rejects.toMatchObject({
    code: 'output-invalid',
    message: expect.stringContaining(`at most ${size} are allowed`),
  })
})
