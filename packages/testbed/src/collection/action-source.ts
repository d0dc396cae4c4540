import { camelCase, pascalCase } from './entity.js'
import type { Entity } from './entity.js'
import { mapping, outputSchema, rawSchema } from './schema-source.js'

export type ActionVerb = 'create' | 'get' | 'update' | 'delete' | 'list'

/** The text of one action; it holds its schemas itself, as most existing functions do. */
export function actionSource(verb: ActionVerb, entity: Entity): string {
  return [head(verb, entity), body(verb, entity), foot(verb, entity)].join('\n')
}

/** The fields a caller may write: text and numbers that are never null. */
export function writable(entity: Entity): string[] {
  return entity.fields
    .filter(({ kind, nullable }) => !nullable && (kind === 'text' || kind === 'number'))
    .map(({ name }) => name)
}

function head(verb: ActionVerb, entity: Entity): string {
  const schemas = `
const ProviderRow = ${rawSchema(entity)}

const Row = ${outputSchema(entity)}

function toRow(raw: z.infer<typeof ProviderRow>): z.infer<typeof Row> {
${mapping(entity)}
}
`
  return `import { createAction } from 'nango'
${verb === 'list' ? '' : "import type { ProxyConfiguration } from 'nango'\n"}import { z } from 'zod'
import { retries } from '../helpers/request.js'
${verb === 'delete' ? '' : schemas}
const Input = ${inputSchema(verb, entity)}

const Output = ${outputs[verb]}
`
}

const outputs: Readonly<Record<ActionVerb, string>> = {
  create: 'Row',
  get: 'Row',
  update: 'Row',
  delete: 'z.object({ success: z.boolean() })',
  list: 'z.object({ items: z.array(Row), nextCursor: z.string().optional() })',
}

function inputSchema(verb: ActionVerb, entity: Entity): string {
  const id = `id: z.string().min(1).describe('The ${entity.name} to ${verb}.')`
  if (verb === 'list') {
    return 'z.object({ cursor: z.string().optional(), limit: z.number().int().max(200).optional() })'
  }
  if (verb === 'get' || verb === 'delete') return `z.object({ ${id} })`
  const types = new Map(entity.fields.map(({ name, kind }) => [name, kind]))
  const fields = writable(entity).map((name) => {
    const type = types.get(name) === 'number' ? 'z.number()' : 'z.string()'
    return `  ${camelCase(name)}: ${type}${verb === 'update' ? '.optional()' : ''},`
  })
  return ['z.object({', ...(verb === 'update' ? [`  ${id},`] : []), ...fields, '})'].join('\n')
}

function body(verb: ActionVerb, entity: Entity): string {
  return `const action = createAction({
  description: '${pascalCase(verb)}s ${verb === 'list' ? entity.plural : `one ${entity.name}`}.',
  version: '1.0.0',
  endpoint: { method: '${verb === 'get' || verb === 'list' ? 'GET' : 'POST'}', path: '/${verb}-${entity.name}' },
  input: Input,
  output: Output,
  scopes: ['${entity.plural}:${verb === 'get' || verb === 'list' ? 'read' : 'write'}'],
  exec: async (nango, input): Promise<z.infer<typeof Output>> => {
${steps(verb, entity)}
  },
})
`
}

function steps(verb: ActionVerb, entity: Entity): string {
  const one = `/v1/${entity.plural}/\${encodeURIComponent(input.id)}`
  const changes = writable(entity).map((name) => `        ${name}: input.${camelCase(name)},`)
  const data = ['      data: {', ...changes, '      },'].join('\n')
  const texts: Readonly<Record<ActionVerb, string>> = {
    get: request(`\`${one}\``) + send('get', entity),
    create: request(`'/v1/${entity.plural}'`, data) + send('post', entity),
    update: request(`\`${one}\``, data) + send('patch', entity),
    delete: `${request(`\`${one}\``)}    const response = await nango.delete(config)
    return { success: response.status < 300 }`,
    list: listSteps(entity),
  }
  return texts[verb]
}

function request(endpoint: string, more = ''): string {
  return `    const config: ProxyConfiguration = {
      endpoint: ${endpoint},
${more === '' ? '' : `${more}\n`}      retries,
    }
`
}

function send(method: string, entity: Entity): string {
  return `    const response = await nango.${method}(config)
    const parsed = ProviderRow.safeParse(response.data)
    if (!parsed.success) {
      throw new nango.ActionError({
        type: 'unexpected_answer',
        message: 'The answer is not a ${entity.name}.',
        issues: parsed.error.issues.length,
      })
    }
    return toRow(parsed.data)`
}

function listSteps(entity: Entity): string {
  return `    const params: Record<string, string | number> = { limit: input.limit ?? 50 }
    if (input.cursor !== undefined) params['cursor'] = input.cursor
    const response = await nango.get({ endpoint: '/v1/${entity.plural}', params, retries })
    const page = z
      .object({ data: z.array(ProviderRow), next: z.string().nullish() })
      .parse(response.data)
    await nango.log(\`Read \${page.data.length} ${entity.plural}\`)
    return {
      items: page.data.map(toRow),
      ...(page.next != null && { nextCursor: page.next }),
    }`
}

function foot(verb: ActionVerb, entity: Entity): string {
  return `/** ${pascalCase(verb)} ${entity.name}: the context the action runs in. */
export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
`
}
