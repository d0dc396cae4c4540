import { pascalCase } from './entity.js'
import type { Entity } from './entity.js'
import { mapping, outputSchema, rawSchema } from './schema-source.js'

/** `models.ts` of an integration: one model per entity, with a type of the same name. */
export function modelsSource(entities: readonly Entity[]): string {
  const models = entities.map((entity) => {
    const name = pascalCase(entity.name)
    return `export const ${name} = ${outputSchema(entity)}\nexport type ${name} = z.infer<typeof ${name}>\n`
  })
  return ["import { z } from 'zod'\n", ...models].join('\n')
}

/** `mappers/to-<entity>.ts`. */
export function mapperSource(entity: Entity): string {
  const name = pascalCase(entity.name)
  return `import { z } from 'zod'
import type { ${name} } from '../models.js'

export const Raw${name} = ${rawSchema(entity)}

export function to${name}(row: unknown): ${name} {
  const raw = Raw${name}.parse(row)
${mapping(entity)}
}
`
}

/** `helpers/request.ts`. */
export const requestSource = `import type { ProxyConfiguration } from 'nango'

export const retries = 3

/** Asks for a list a page at a time. */
export function pagesOf(endpoint: string, params: Record<string, string>): ProxyConfiguration {
  return {
    endpoint,
    params,
    paginate: {
      type: 'cursor',
      cursor_name_in_request: 'cursor',
      cursor_path_in_response: 'next',
      response_path: 'data',
      limit_name_in_request: 'limit',
      limit: 20,
    },
    retries: 10,
  }
}
`

/** The text of a sync that resumes where it stopped, or of one that notices what is gone. */
export function syncSource(entity: Entity, { tracksDeletes }: { tracksDeletes: boolean }): string {
  const name = pascalCase(entity.name)
  return `import { createSync } from 'nango'
import { z } from 'zod'
import { ${tracksDeletes ? 'pagesOf' : 'retries'} } from '../helpers/request.js'
import { to${name} } from '../mappers/to-${entity.name}.js'
import { ${name} } from '../models.js'

const Checkpoint = z.object({ cursor: z.string() })

const sync = createSync({
  description: 'Copies every ${entity.name}.',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: true,
  checkpoint: Checkpoint,
  models: { ${name} },
  exec: async (nango) => {
${tracksDeletes ? trackingSteps(name, entity) : resumingSteps(name, entity)}
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
`
}

function trackingSteps(name: string, { plural }: Entity): string {
  return `    await nango.trackDeletesStart('${name}')
    for await (const page of nango.paginate(pagesOf('/v1/${plural}', { sort: 'id' }))) {
      const rows = page.map(to${name})
      await nango.batchSave(rows, '${name}')
      await nango.log(\`Saved \${rows.length} ${plural}\`)
    }
    await nango.trackDeletesEnd('${name}')`
}

function resumingSteps(name: string, { plural }: Entity): string {
  return `    const checkpoint = await nango.getCheckpoint()
    let cursor: string | undefined = checkpoint?.cursor
    do {
      const response = await nango.get({
        endpoint: '/v1/${plural}',
        params: { limit: 20, sort: 'id', ...(cursor !== undefined && { cursor }) },
        retries,
      })
      const page = z
        .object({ data: z.array(z.unknown()), next: z.string().nullish() })
        .parse(response.data)
      await nango.batchSave(page.data.map(to${name}), '${name}')
      cursor = page.next ?? undefined
      if (cursor !== undefined) await nango.saveCheckpoint({ cursor })
    } while (cursor !== undefined)
    await nango.clearCheckpoint()`
}
