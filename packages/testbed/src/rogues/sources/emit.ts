/** Where a source may differ from the honest one. */
export type Parts = {
  readonly imports?: string
  /** Statements of the module, before the definition. */
  readonly top?: string
  readonly input?: string
  /** Schema of the output, or of the record of a sync. */
  readonly output?: string
  /** Further members of the definition. */
  readonly members?: string
}

type Emitted = {
  readonly description: string
  readonly schema: string
  /** The output, where it is not one value of the schema. */
  readonly output?: string
  readonly input: string
  readonly name: string
  readonly body: string
  readonly parts: Parts
}

const head = (create: string, { imports = '' }: Parts) =>
  `import { ${create} } from '@plumb/sdk'\nimport { z } from 'zod'\n${imports}`

/** The text of an action. */
export function emitAction(o: Emitted): string {
  const { parts, name } = o
  return `${head('createAction', parts)}
const ${name} = ${parts.output ?? o.schema}
${parts.top ?? ''}
export default createAction({
  description: '${o.description}',
  version: '1.0.0',
  input: z.object({ ${parts.input ?? o.input} }),
  output: ${o.output ?? name},${parts.members ?? ''}
  exec: async (ctx, input) => {
    ${o.body}
  },
})
`
}

/** The text of a full sync; \`answer\` is the schema of what the API lists. */
export function emitSync(o: Omit<Emitted, 'input'> & { readonly answer: string }): string {
  const { parts, name } = o
  return `${head('createSync', parts)}
const Answer = ${o.answer}
const ${name} = ${parts.output ?? o.schema}
${parts.top ?? ''}
export default createSync({
  description: '${o.description}',
  version: '1.0.0',
  frequency: 'every hour',
  models: { ${name} },
  syncType: 'full',${parts.members ?? ''}
  exec: async (ctx) => {
    ${o.body}
  },
})
`
}
