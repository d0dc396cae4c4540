import { save, sync } from '../case-sources.js'

export const ask = "ctx.get({ endpoint: '/x' })"
export const askSync = "nango.get({ endpoint: '/x' })"
export const start = "await nango.trackDeletesStart('Item');"
export const end = "await nango.trackDeletesEnd('Item');"
export const pages = "for await (const page of nango.paginate({ endpoint: '/x' })) { " + save + ' }'
export const walk = `${start} ${pages} ${end}`

/** A sync with a checkpoint of `{ since: string, page?: number }`. */
export function incremental(
  body: string,
  schema = 'z.object({ since: z.string(), page: z.number().optional() })',
) {
  return sync(body).replace(
    "frequency: 'every hour'",
    `frequency: 'every hour', checkpoint: ${schema}`,
  )
}

export const read = 'const saved = await nango.getCheckpoint();'
export const stored = "await nango.saveCheckpoint({ since: '2' });"
export const useIt = "await nango.get({ endpoint: '/x', params: { since: saved?.since } });"

export function named(source: string, name = 'fn'): string {
  return source.replace('export default create', `const ${name} = create`)
}
