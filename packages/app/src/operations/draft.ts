import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb draft`: a typed function straight from the API description, without a model. */
export const draft = defineOperation({
  name: 'draft',
  summary: 'Write a typed function for an interaction from the API description, without a model',
  input: z.object({
    brief: z.string().describe('a brief file'),
    interaction: z.string().describe('id of an interaction in it'),
    operation: z.string().optional().describe('operation of the API description to use'),
    kind: z.enum(['action', 'sync']).optional().describe('action or sync'),
  }),
  positionals: ['brief', 'interaction'],
  examples: [
    'plumb draft briefs/github.brief.yaml create-issue',
    'plumb draft briefs/github.brief.yaml create-issue --json',
  ],
  run: ({ brief: path, interaction: id, operation, kind }, { config, ...context }) =>
    withWorkbench({ config, ...context }, async (workbench) => {
      const { draftFunction } = await import('@plumb/builder')
      const { prepareBriefs } = await import('../build/prepare-briefs.js')
      const [prepared] = await prepareBriefs([path], { workbench, config })
      const interaction = prepared?.brief.interactions.find((one) => one.id === id)
      if (!prepared || !interaction) throw noInteraction(path, id)
      const { description, provider } = prepared
      const found = draftFunction({
        ...{ description, provider, interaction },
        ...(operation !== undefined && { operationId: operation }),
        ...(kind !== undefined && { kind }),
      })
      return {
        ...found,
        operation: found.operation?.id ?? null,
        alternatives: found.alternatives.map((one) => one.id),
      }
    }),
  text: ({ source }) => source,
})

function noInteraction(path: string, id: string): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: `${path} has no interaction "${id}".`,
    remedy: 'Name the id of one of its interactions.',
  })
}
