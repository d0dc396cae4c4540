import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { loadDescription } from './load-description.js'
import { defineOperation } from './operation.js'

/** `plumb docs show`: one operation with its parameters and schemas. */
export const docsShow = defineOperation({
  name: 'docs show',
  summary: 'Show one operation of an API with its parameters and schemas',
  input: z.object({
    provider: z.string().describe('name of the provider'),
    operation: z.string().describe('id of the operation'),
  }),
  positionals: ['provider', 'operation'],
  examples: ['plumb docs show github issues/create'],
  run: async ({ provider, operation: id }, { config }) => {
    const description = await loadDescription(provider, config)
    const { searchOperations, showOperation } = await import('@plumb/builder')
    const operation = description.operations.find((one) => one.id === id)
    if (operation) return showOperation(description, operation)
    const [nearest] = searchOperations(description, id, 1)
    throw new PlumbError({
      code: 'usage',
      message: `${provider} has no operation "${id}".`,
      remedy: nearest ? `Did you mean "${nearest.id}"?` : 'Look with `plumb docs search`.',
    })
  },
  text: (shown) => JSON.stringify(shown, null, 2),
})
