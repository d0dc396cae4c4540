import type { FunctionKind } from '@plumb/protocol'

/** The least that compiles: a typed function with one call, to be changed into what is wanted. */
export function minimalFunction(kind: FunctionKind, name: string): string {
  return texts[kind](name)
}

const texts: Readonly<Record<FunctionKind, (name: string) => string>> = {
  action: (name) => `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Input = z.object({ id: z.string() })
const Output = z.object({ id: z.string() })

export default createAction({
  description: '${sentence(name)}',
  version: '1.0.0',
  input: Input,
  output: Output,
  exec: async (ctx, input) => {
    const response = await ctx.get({ endpoint: \`/${lastWord(name)}/\${encodeURIComponent(input.id)}\` })
    return Output.parse(response.data)
  },
})
`,
  sync: (name) => `import { createSync } from '@plumb/sdk'
import * as z from 'zod'

const ${model(name)} = z.object({ id: z.string() })

export default createSync({
  description: '${sentence(name)}',
  version: '1.0.0',
  frequency: 'every hour',
  models: { ${model(name)} },
  exec: async (ctx) => {
    const response = await ctx.get({ endpoint: '/${lastWord(name)}' })
    await ctx.batchSave(z.array(${model(name)}).parse(response.data), '${model(name)}')
  },
})
`,
  'on-event': (name) => `import { createOnEvent } from '@plumb/sdk'

export default createOnEvent({
  description: '${sentence(name)}',
  event: 'post-connection-creation',
  exec: async (ctx) => {
    await ctx.log(\`Connected \${ctx.connectionId}\`)
  },
})
`,
}

function sentence(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function lastWord(name: string): string {
  return name.split('-').at(-1) ?? name
}

function model(name: string): string {
  const word = lastWord(name).replace(/s$/, '')
  return /^[a-z]/.test(word) ? word.charAt(0).toUpperCase() + word.slice(1) : 'Item'
}
