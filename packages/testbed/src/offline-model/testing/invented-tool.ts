import type { Json, JsonObject } from '@plumb/protocol'
import {
  isObject,
  listOf,
  objectOf,
  propertiesOf,
  requiredOf,
  textOf,
  typeOf,
} from '../api/schema.js'
import { wordsOf } from '../api/words.js'
import { endpointParts, readNeeds } from '../source/function-source.js'
import type { InventedApi, InventedOperation, InventedRequest } from './invented-api.js'
import { callApi } from './invented-api.js'

/** What the tool is told about the task, and what became of the work. */
export type Bench = {
  readonly api: InventedApi
  readonly interaction: JsonObject
  /** What the draft proposes, and how sure it says it is. */
  readonly proposal: string | null
  readonly confidence: number
  readonly files: Map<string, string>
  readonly commands: string[][]
  submitted: string[] | null
  blocked: { reason: string; detail: string; receipts: string[] } | null
  receipts: number
  hasRun: boolean
  hasPassed: boolean
}

export const openBench = (
  api: InventedApi,
  interaction: JsonObject,
  draft: { proposal: string | null; confidence?: number },
): Bench => ({
  ...{ api, interaction, proposal: draft.proposal, confidence: draft.confidence ?? 1 },
  files: new Map([
    [
      'function.ts',
      sourceFor(
        api.operations.find(({ id }) => id === draft.proposal),
        interaction,
      ),
    ],
  ]),
  commands: [],
  submitted: null,
  blocked: null,
  receipts: 0,
  hasRun: false,
  hasPassed: false,
})

/** A second, much smaller `plumb` tool over an invented API: the same words and the same JSON. */
export function runPlumb(bench: Bench, args: readonly string[]): JsonObject {
  bench.commands.push([...args])
  const [verb = '', second = ''] = args
  const values = (name: string) =>
    args.flatMap((word, i) => (args[i - 1] === `--${name}` ? [word] : []))
  switch (verb) {
    case 'docs':
      return second === 'show' ? show(bench, args[2] ?? '') : search(bench, args.slice(2))
    case 'request':
      return request(bench, args, values)
    case 'draft':
      return draft(bench, values('operation')[0])
    case 'dryrun':
      return dryrun(
        bench,
        objectOf(JSON.parse(values('input')[0] ?? values('metadata')[0] ?? '{}')),
      )
    case 'check':
      bench.hasPassed = bench.hasRun
      return { ok: bench.hasRun, findings: [] }
    case 'submit':
      if (!bench.hasPassed) return { error: 'not checked' }
      bench.submitted = values('operation')
      return { submitted: true, hash: 'h' }
    case 'blocked':
      bench.blocked = {
        reason: values('reason')[0] ?? '',
        detail: values('detail')[0] ?? '',
        receipts: values('receipt'),
      }
      return { recorded: true }
    default:
      return { error: `"plumb ${verb}" is not a command.`, didYouMean: 'plumb help' }
  }
}

const briefly = ({ id, method, path, summary }: InventedOperation): JsonObject => ({
  id,
  method,
  path,
  summary,
})

function search({ api }: Bench, words: readonly string[]): JsonObject {
  const asked = wordsOf(words.join(' ').replace(/--limit \d+/, ''))
  const fits = (operation: InventedOperation) =>
    asked.filter((word) => wordsOf(`${operation.id} ${operation.summary}`).includes(word)).length
  const found =
    asked.length === 0
      ? [...api.operations]
      : api.operations.filter((one) => fits(one) > 0).sort((a, b) => fits(b) - fits(a))
  return { operations: found.map(briefly), total: found.length }
}

function show({ api }: Bench, id: string): JsonObject {
  const operation = api.operations.find((one) => one.id === id)
  if (operation === undefined) return { error: `no operation ${id}`, code: 'usage' }
  const { parameters = [], body, answer } = operation
  const requestBody =
    body === undefined ? null : { contentType: 'application/json', required: true, schema: body }
  return {
    operation: {
      ...briefly(operation),
      description: operation.summary,
      parameters: [...parameters],
      requestBody,
      responses: [{ status: '200', description: '', schema: answer }],
    },
  }
}

const noAccess: JsonObject = {
  error: 'The connection lacks a scope.',
  blocked: true,
  remedy: 'Reconnect it.',
}

function send(bench: Bench, request: InventedRequest): JsonObject {
  const answer = callApi(bench.api, request)
  if (answer === 'no-access') return noAccess
  bench.receipts += 1
  return { status: answer.status, headers: {}, body: answer.body, receiptId: `r${bench.receipts}` }
}

function request(
  bench: Bench,
  args: readonly string[],
  values: (name: string) => string[],
): JsonObject {
  const pairs = values('query').map((pair) => [
    pair.slice(0, pair.indexOf('=')),
    pair.slice(pair.indexOf('=') + 1),
  ])
  const body = objectOf(JSON.parse(values('body')[0] ?? '{}'))
  return send(bench, {
    method: args[1] ?? '',
    path: args[2] ?? '',
    query: Object.fromEntries(pairs) as Record<string, string>,
    body,
  })
}

function draft(bench: Bench, wanted: string | undefined): JsonObject {
  const id = wanted ?? bench.proposal
  const operation = bench.api.operations.find((one) => one.id === id)
  const source = sourceFor(operation, bench.interaction)
  return {
    kind: textOf(bench.interaction['kind']),
    operation: id,
    alternatives: [],
    confidence: wanted === undefined ? bench.confidence : 1,
    openQuestions: [],
    source,
  }
}

const zodOf = (schema: JsonObject) =>
  `z.${typeOf(schema) === 'integer' ? 'number' : typeOf(schema)}()`

/** A function in the form in which drafts are written: it takes what the operation requires. */
function sourceFor(operation: InventedOperation | undefined, { kind }: JsonObject): string {
  if (operation === undefined)
    return "export default createAction({ exec: async () => { throw new Error(); } }) // type: 'not_implemented'"
  const required = new Set(requiredOf(operation.body ?? {}))
  const inBody = Object.entries(propertiesOf(operation.body ?? {})).filter(([name]) =>
    required.has(name),
  )
  const parameters = (operation.parameters ?? []).map(
    (one) => [textOf(one['name']), objectOf(one['schema'])] as const,
  )
  const from = kind === 'sync' ? 'metadata' : 'input'
  const data = inBody.map(([name]) => `${name}: ${from}.${name},`)
  const query = (operation.parameters ?? [])
    .filter((one) => one['in'] === 'query')
    .map((one) => `${textOf(one['name'])}: ${from}.${textOf(one['name'])},`)
  return [
    `const Input = z.object({`,
    ...[...parameters, ...inBody].map(([name, schema]) => `  ${name}: ${zodOf(schema)},`),
    '})',
    `export default create${kind === 'sync' ? 'Sync' : 'Action'}({`,
    `  ${from}: Input,`,
    `  exec: async (ctx, input) => { await ctx.${operation.method.toLowerCase()}({`,
    `    endpoint: \`${operation.path.replaceAll(/\{([^}]+)\}/g, `\${encodeURIComponent(${from}.$1)}`)}\`,`,
    ...(query.length > 0 ? [`    params: {`, ...query, '    },'] : []),
    ...(data.length > 0 ? ['    data: {', ...data, '    },'] : []),
    '  }) },',
    '})',
  ].join('\n')
}

/** Does what the function's text says: fills its endpoint, sends its members, and judges the answer. */
function dryrun(bench: Bench, input: JsonObject): JsonObject {
  const source = bench.files.get('function.ts') ?? ''
  const { endpoint, input: needs, metadata, kind } = readNeeds(source)
  const missing = [...needs, ...metadata].filter(
    ({ name, required }) => required && input[name] === undefined,
  )
  if (missing.length > 0)
    return threw({
      type: 'validation',
      message: 'The input does not match its schema',
      payload: { issues: missing.map(({ name }) => ({ path: name, message: 'Required' })) },
    })
  const parts = endpointParts(source).map((name) =>
    encodeURIComponent(String((input[name ?? ''] ?? '') as string)),
  )
  const path = parts.reduce((text, part) => text.replace('{}', part), endpoint ?? '')
  const sent = (member: string) =>
    Object.fromEntries(
      [
        ...(new RegExp(`${member}: \\{([^}]*)\\}`).exec(source)?.[1] ?? '').matchAll(
          /(\w+): (?:input|metadata)\.(\w+)/g,
        ),
      ].map(([, key = '', name = '']) => [key, input[name] ?? null]),
    )
  const method = (/ctx\.(\w+)\(/.exec(source)?.[1] ?? '').toUpperCase()
  const answer = send(bench, {
    method,
    path,
    query: sent('params') as Record<string, string>,
    body: sent('data'),
  })
  if (answer['blocked'] === true) return answer
  const calls = [
    {
      receiptId: answer['receiptId'] ?? null,
      method,
      url: `http://api.example${path}`,
      status: answer['status'] ?? null,
      durationMs: 1,
      write: method !== 'GET',
    },
  ]
  const status = Number(answer['status'])
  const body: Json = answer['body'] ?? null
  if (status >= 400)
    return {
      ...threw({
        type: 'http-error',
        message: `Request failed with ${status}`,
        payload: { data: body },
        status,
      }),
      calls,
    }
  const failure = isObject(body) && body['ok'] === false ? textOf(body['error']) : null
  if (failure !== null)
    return {
      ...threw({ type: 'action-error', message: failure, payload: { type: failure } }),
      calls,
    }
  const items = isObject(body) ? Object.values(body).flatMap((value) => listOf(value)) : []
  bench.hasRun = true
  return {
    ok: true,
    outcome: { kind: 'returned', output: kind === 'sync' ? null : body },
    calls,
    records: kind === 'sync' ? { Item: { saved: items.length } } : {},
    endCheckpoint: null,
    logs: [],
    validation: null,
  }
}

const threw = (error: JsonObject): JsonObject => ({
  ok: false,
  outcome: { kind: 'threw', error: { status: null, stack: null, ...error } },
  calls: [],
  records: {},
  endCheckpoint: null,
})
