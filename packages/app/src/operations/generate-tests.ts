import { resolve } from 'node:path'
import { z } from 'zod'
import type { GeneratedTests } from '@plumb/toolchain/testing'
import { defineOperation } from './operation.js'

/** `plumb generate tests`: readable vitest files out of fixtures. */
export const generateTests = defineOperation({
  name: 'generate tests',
  summary: 'Write vitest tests that replay functions against their fixtures',
  input: z.object({
    directory: z.string().default('.').describe('project or integration folder'),
    function: z
      .string()
      .optional()
      .describe('only this function: its name, or integration/kind/name'),
    force: z.boolean().default(false).describe('write over tests that a person has changed'),
  }),
  positionals: ['directory'],
  examples: ['plumb generate tests', 'plumb generate tests . --function get-contact'],
  run: async (input, { config }): Promise<GeneratedTests> => {
    const toolchain = await import('@plumb/toolchain/testing')
    return toolchain.generateTests({
      ...input,
      directory: resolve(config.directory, input.directory),
    })
  },
  text: ({ written, unchanged, kept, skipped }) =>
    [
      ...written.map((path) => `wrote ${path}`),
      ...kept.map(
        (path) => `kept ${path}, which a person wrote or changed (--force writes over it)`,
      ),
      ...skipped.map((name) => `skipped ${name}, which has no fixture (plumb record makes one)`),
      `${written.length} written, ${unchanged.length} unchanged, ${kept.length} kept, ${skipped.length} without a fixture.`,
    ].join('\n'),
})
