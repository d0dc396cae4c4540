import { z } from 'zod'
import { loadDescription } from './load-description.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb docs search`: finds operations of a provider's API. */
export const docsSearch = defineOperation({
  name: 'docs search',
  summary: "Find operations in a provider's API description",
  input: z.object({
    provider: z.string().describe('name of the provider'),
    words: z.array(z.string()).default([]).describe('what it should do; nothing lists all'),
    limit: z.coerce.number().int().min(1).max(2000).default(20).describe('how many to show'),
  }),
  positionals: ['provider', 'words'],
  examples: [
    'plumb docs search github create an issue',
    'plumb docs search slack --limit 200 --json',
  ],
  run: async ({ provider, words, limit }, { config }) => {
    const description = await loadDescription(provider, config)
    const { searchOperations } = await import('@plumb/builder')
    const found =
      words.length === 0
        ? description.operations.slice(0, limit)
        : searchOperations(description, words.join(' '), limit)
    return found.map(({ id, method, path, summary }) => ({ id, method, path, summary }))
  },
  text: (found) =>
    found.length === 0
      ? 'Nothing fits these words.'
      : renderTable(
          ['operation', 'call', 'what it does'],
          found.map((one) => [one.id, `${one.method} ${one.path}`, one.summary]),
        ),
})
