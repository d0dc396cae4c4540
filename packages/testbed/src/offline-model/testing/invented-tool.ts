import type { JsonObject } from '@plumb/protocol'
import {
  isObject,
  listOf,
  objectOf,
  plainText,
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

type Options = (name: string) => string[]
type Verb = (bench: Bench, args: readonly string[], values: Options) => JsonObject

const verbs: Readonly<Record<string, Verb>> = {
  docs: (bench, args) =>
    args[1] === 'show' ? show(bench, args[2] ?? '') : search(bench, args.slice(2)),
  request,
  draft: (bench, _, values) => draft(bench, values('operation')[0]),
  dryrun: (bench, _, values) =>
    dryrun(bench, objectOf(JSON.parse(values('input')[0] ?? values('metadata')[0] ?? '{}'))),
  check: (bench) => {
    bench.hasPassed = bench.hasRun
    return { ok: bench.hasRun, findings: [] }
  },
  submit: (bench, _, values) => {
    if (!bench.hasPassed) return { error: 'not checked' }
    bench.submitted = values('operation')
    return { submitted: true, hash: 'h' }
  },
  blocked: (bench, _, values) => {
    const [reason = ''] = values('reason')
    bench.blocked = { reason, detail: values('detail')[0] ?? '', receipts: values('receipt') }
    return { recorded: true }
  },
}

/** A second, much smaller `plumb` tool over an invented API: the same words and the same JSON. */
export function runPlumb(bench: Bench, args: readonly string[]): JsonObject {
  bench.commands.push([...args])
  const values: Options = (name) =>
    args.flatMap((word, i) => (args[i - 1] === `--${name}` ? [word] : []))
  const verb = verbs[args[0] ?? '']
  return (
    verb?.(bench, args, values) ?? {
      error: `"plumb ${args[0] ?? ''}" is not a command.`,
      didYouMean: 'plumb help',
    }
  )
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
  const { input: needs, metadata, kind } = readNeeds(source)
  const missing = [...needs, ...metadata].filter(
    ({ name, required }) => required && input[name] === undefined,
  )
  if (missing.length > 0) {
    const issues = missing.map(({ name }) => ({ path: name, message: 'Required' }))
    return threw({
      type: 'validation',
      message: 'The input does not match its schema',
      payload: { issues },
    })
  }
  const sent = requestOf(source, input)
  const answer = send(bench, sent)
  return answer['blocked'] === true ? answer : judged(bench, { sent, answer, kind })
}

function requestOf(source: string, input: JsonObject): InventedRequest {
  const { endpoint } = readNeeds(source)
  const parts = endpointParts(source).map((name) =>
    encodeURIComponent(plainText(input[name ?? ''] ?? '')),
  )
  const path = parts.reduce((text, part) => text.replace('{}', part), endpoint ?? '')
  const members = (of: string): JsonObject => {
    const block = new RegExp(`${of}: \\{([^}]*)\\}`).exec(source)?.[1] ?? ''
    const found = [...block.matchAll(/(\w+): (?:input|metadata)\.(\w+)/g)]
    return Object.fromEntries(found.map(([, key = '', name = '']) => [key, input[name] ?? null]))
  }
  const method = (/ctx\.(\w+)\(/.exec(source)?.[1] ?? '').toUpperCase()
  return { method, path, query: members('params') as Record<string, string>, body: members('data') }
}

type Sent = {
  readonly sent: InventedRequest
  readonly answer: JsonObject
  readonly kind: 'action' | 'sync'
}

function judged(bench: Bench, { sent, answer, kind }: Sent): JsonObject {
  const { method, path } = sent
  const { status = null, body = null, receiptId = null } = answer
  const calls = [
    {
      receiptId,
      method,
      url: `http://api.example${path}`,
      status,
      durationMs: 1,
      write: method !== 'GET',
    },
  ]
  if (Number(status) >= 400) {
    const message = `Request failed with ${Number(status)}`
    return { ...threw({ type: 'http-error', message, payload: { data: body }, status }), calls }
  }
  const failure = isObject(body) && body['ok'] === false ? textOf(body['error']) : null
  if (failure !== null)
    return {
      ...threw({ type: 'action-error', message: failure, payload: { type: failure } }),
      calls,
    }
  bench.hasRun = true
  const saved = Object.values(objectOf(body)).flatMap((value) => listOf(value)).length
  const shown =
    kind === 'sync' ? { output: null, records: { Item: { saved } } } : { output: body, records: {} }
  return {
    ok: true,
    outcome: { kind: 'returned', output: shown.output },
    calls,
    records: shown.records,
    endCheckpoint: null,
    logs: [],
    validation: null,
  }
}

const threw = (error: JsonObject): JsonObject => ({
  ok: false,
  outcome: { kind: 'threw', error: { status: null, stack: null, ...error } },
  ...{ calls: [], records: {}, endCheckpoint: null },
})
