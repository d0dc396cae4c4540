import { action, call } from './case-sources.js'
import type { RuleCases } from './case-sources.js'

const given = (signature: string, body: string) =>
  action(call).replace(
    /input: z\.void\(\)[\s\S]*$/,
    `input: z.object({ id: z.string(), after: z.string().optional() }), output: Out,\n  exec: async (${signature}) => { ${body} } })`,
  )

export const inputCases: RuleCases = {
  'no-unread-input': {
    hits: [
      given('ctx, input', 'return get(input.id)'),
      given('ctx', 'return get()'),
      given('ctx, { id }', 'return get(id)'),
      given('ctx, input', 'const { id } = input; return get(id)'),
      given('ctx, input', "return get(input['id'], { after: 'x', input: 1 })"),
    ],
    passes: [
      given('ctx, input', 'return get(input.id, input.after)'),
      given('ctx, input', 'return ctx.get({ params: input })'),
      given('ctx, input', 'return ctx.post({ data: { ...input } })'),
      given('ctx, { id, ...rest }', 'return get(id, rest)'),
      given('ctx, { id, after: from }', 'return get(id, from)'),
      given('ctx, input', 'const { id, ...rest } = input; return get(id, rest)'),
      given('ctx, input', 'return get(input.id, input[name])'),
      given('ctx, input', 'const { input: other } = input; return pathOf(input)'),
      'export default createAction({ input: Given, output: Out, exec: async (ctx) => 1 })',
    ],
  },
}
