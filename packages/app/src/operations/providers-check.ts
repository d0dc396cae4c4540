import { checkProviders } from '@plumb/providers'
import { z } from 'zod'
import { providerFolders } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb providers check`: whether every entry of the catalog and of the project is complete. */
export const providersCheck = defineOperation({
  name: 'providers check',
  summary: 'Check provider entries: schema, addresses, placeholders, patterns, scopes',
  input: z.object({}),
  examples: ['plumb providers check', 'plumb providers check --json'],
  run: async (_input, { config }) =>
    checkProviders({ directories: await providerFolders(config.directory) }),
  text: ({ files, names, problems }) =>
    [
      ...problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
      `${files} entries for ${names.length} providers, ${problems.length || 'no'} ${problems.length === 1 ? 'problem' : 'problems'}.`,
    ].join('\n'),
  exits: { 0: 'every entry is complete', 1: 'an entry has a problem' },
  exitCode: ({ problems }) => (problems.length === 0 ? 0 : 1),
})
