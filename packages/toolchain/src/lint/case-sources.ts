/** For each rule: sources that it must object to, and near misses that it must let pass. */
export type RuleCases = Readonly<
  Record<string, { readonly hits: readonly string[]; readonly passes: readonly string[] }>
>

/** An action with the given body and output schema. */
export function action(body: string, output = 'z.object({ id: z.string() })'): string {
  return [
    "import { createAction } from '@plumb/sdk'",
    "import { z } from 'zod'",
    "export default createAction({ description: 'x', input: z.void(),",
    `  output: ${output},`,
    `  exec: async (ctx, input) => { ${body} } })`,
  ].join('\n')
}

/** A sync with the given body and models. */
export function sync(body: string, models = '{ Item: z.object({ id: z.string() }) }'): string {
  return [
    "import { createSync } from '@plumb/sdk'",
    "import { z } from 'zod'",
    `export default createSync({ description: 'x', frequency: 'every hour', models: ${models},`,
    `  exec: async (nango) => { ${body} } })`,
  ].join('\n')
}

export const save = "await nango.batchSave([{ id: '1' }], 'Item');"
export const call = "const r = await ctx.get({ endpoint: '/x' });"
