import { z } from 'zod'
import { loadProviders } from '@plumb/providers'
import { providerFolders } from '../workbench.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb providers`: the catalog, with the entries of the project's `providers/` folder. */
export const providers = defineOperation({
  name: 'providers',
  summary: 'List the providers that Plumb knows',
  input: z.object({}),
  examples: ['plumb providers', 'plumb providers --json'],
  run: async (_input, { config }) => {
    const loaded = await loadProviders({ directories: await providerFolders(config.directory) })
    return [...loaded.values()].map(({ provider, apiDescription, path, tier }) => ({
      name: provider.name,
      displayName: provider.displayName,
      auth: provider.auth.mode,
      /** `endpoints`: nothing but its OAuth endpoints is known. */
      facts: tier ?? 'whole',
      apiDescription,
      path,
    }))
  },
  text: (list) =>
    renderTable(
      ['provider', 'name', 'auth', 'facts', 'API description'],
      list.map((entry) => [
        entry.name,
        entry.displayName,
        entry.auth,
        entry.facts,
        entry.apiDescription === null ? 'none' : 'yes',
      ]),
    ),
})
