import type { ApiDescription, Brief, Interaction } from '@plumb/protocol'
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
      if (!prepared) throw new Error(`${path} gave no brief`)
      const { description, provider, brief } = prepared
      const interaction = interactionOf(brief, id, path)
      if (operation !== undefined) requireOperation(description, operation)
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

function requireOperation({ operations }: ApiDescription, id: string): void {
  if (operations.some((one) => one.id === id)) return
  throw new PlumbError({
    code: 'usage',
    message: `The API description has no operation "${id}".`,
    remedy: 'Find one with `plumb docs search <provider> <words>`.',
  })
}

function interactionOf({ interactions }: Brief, id: string, path: string): Interaction {
  const found = interactions.find((one) => one.id === id)
  if (found) return found
  throw new PlumbError({
    code: 'usage',
    message: `${path} has no interaction "${id}".`,
    remedy: `It has: ${interactions.map((one) => one.id).join(', ')}.`,
  })
}
