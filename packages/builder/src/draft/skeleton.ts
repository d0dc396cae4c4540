import { quote } from './names.js'

/** A function that type-checks and, when it runs, says why nothing could be proposed. */
export function skeleton(kind: 'action' | 'sync', description: string, why: string): string[] {
  const head = ["import { z } from 'zod'", '']
  const fail = [
    'exec: async (ctx) => {',
    `throw new ctx.ActionError({ type: 'not_implemented', message: ${quote(why)} })`,
    '},',
    '})',
  ]
  if (kind === 'action') {
    return [
      "import { createAction } from '@plumb/sdk'",
      ...head,
      'export default createAction({',
      `description: ${quote(description)},`,
      'input: z.object({}),',
      'output: z.object({ id: z.string() }),',
      ...fail,
    ]
  }
  return [
    "import { createSync } from '@plumb/sdk'",
    ...head,
    'const Item = z.object({ id: z.string() })',
    '',
    'export default createSync({',
    `description: ${quote(description)},`,
    "frequency: 'every hour',",
    'models: { Item },',
    ...fail,
  ]
}
