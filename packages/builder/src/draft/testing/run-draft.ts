import { createRequire } from 'node:module'
import type { Json, JsonObject } from '@plumb/protocol'
import * as sdk from '@plumb/sdk'
import { transform } from 'esbuild'

/** One call a draft made: the verb of the context and its configuration as JSON. */
export type Call = { readonly verb: string; readonly config: JsonObject }

export type Answer = {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly data: Json
}

export type Ran = {
  readonly result: Json
  readonly calls: readonly Call[]
  readonly saved: readonly Json[]
  readonly deleted: readonly Json[]
  readonly tracked: readonly string[]
  readonly checkpoint: Json
}

type Given = { readonly input?: Json; readonly metadata?: Json; readonly checkpoint?: Json }
type Definition = {
  readonly kind: 'action' | 'sync'
  readonly input?: { parse(value: unknown): unknown }
  readonly output?: { parse(value: unknown): unknown }
  readonly models?: Readonly<Record<string, { parse(value: unknown): unknown }>>
  exec(ctx: unknown, input?: unknown): Promise<unknown>
}

const fromSdk = createRequire(new URL('../../../../sdk/package.json', import.meta.url))

/** Evaluates a draft's source; its only modules are the SDK and zod. */
export async function loadDraft(source: string): Promise<Definition> {
  const { code } = await transform(source, { loader: 'ts', format: 'cjs', target: 'es2022' })
  const module = { exports: {} as { default?: Definition } }
  const load = (name: string): unknown => (name === '@plumb/sdk' ? sdk : fromSdk(name))
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('require', 'module', 'exports', code) as (...args: unknown[]) => void
  run(load, module, module.exports)
  if (module.exports.default === undefined) throw new Error('the draft exports nothing')
  return module.exports.default
}

type Log = { calls: Call[]; saved: Json[]; deleted: Json[]; tracked: string[]; checkpoint: Json }
type Response = {
  readonly data: Json
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}
type Paged = {
  readonly paginate: { readonly response_path?: string; on_page?(page: object): void }
}

const responseOf = (answer: Answer): Response => ({ status: 200, headers: {}, ...answer })

/** Runs a draft against prepared answers, one per call (a paginated call takes one page per answer until `null`). */
export async function runDraft(
  source: string,
  given: Given,
  answers: readonly (Answer | null)[],
): Promise<Ran> {
  const definition = await loadDraft(source)
  const queue = [...answers]
  const log: Log = {
    calls: [],
    saved: [],
    deleted: [],
    tracked: [],
    checkpoint: given.checkpoint ?? null,
  }
  const ctx = { ...httpMembers(queue, log), ...storeMembers(definition, given, log) }
  const output = await definition.exec(ctx, definition.input?.parse(given.input ?? {}))
  const result = definition.kind === 'action' ? definition.output?.parse(output) : null
  if (queue.length > 0) throw new Error(`${queue.length} answers were not used`)
  return { ...log, result: JSON.parse(JSON.stringify(result)) as Json }
}

function httpMembers(queue: (Answer | null)[], log: Log): object {
  const send = (verb: string) => async (config: object) => {
    log.calls.push({ verb, config: plainConfig(config) })
    const answer = queue.shift()
    if (!answer) throw new Error(`no answer left for ${verb} ${JSON.stringify(config)}`)
    return responseOf(answer)
  }
  const verbs = ['get', 'post', 'put', 'patch', 'delete'].map((verb) => [verb, send(verb)])
  return {
    ...(Object.fromEntries(verbs) as object),
    ActionError: sdk.ActionError,
    async *paginate(config: Paged) {
      log.calls.push({ verb: 'paginate', config: plainConfig(config) })
      for (let answer = queue.shift(); answer; answer = queue.shift()) {
        config.paginate.on_page?.({ nextPageParam: undefined, response: responseOf(answer) })
        yield recordsAt(answer.data, config.paginate.response_path ?? '')
      }
    },
  }
}

function recordsAt(data: Json, path: string): Json {
  const steps = path.split('.').filter((step) => step !== '')
  return steps.reduce((value, step) => (value as JsonObject)[step] ?? [], data)
}

function storeMembers(definition: Definition, given: Given, log: Log): object {
  return {
    getCheckpoint: async () => log.checkpoint,
    saveCheckpoint: async (value: Json) => void (log.checkpoint = value),
    getMetadata: async () => given.metadata ?? {},
    batchSave: async (records: readonly Json[], model: string) => {
      for (const record of records)
        log.saved.push(definition.models?.[model]?.parse(record) as Json)
    },
    batchDelete: async (records: readonly Json[]) => void log.deleted.push(...records),
    trackDeletesStart: async (model: string) => void log.tracked.push(`start ${model}`),
    trackDeletesEnd: async (model: string) => void log.tracked.push(`end ${model}`),
  }
}

/** What is sent: undefined members are gone, and query parameters read as text. */
function plainConfig(config: object): JsonObject {
  const entries = Object.entries(config).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof URLSearchParams ? value.toString() : value,
  ])
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject
}
