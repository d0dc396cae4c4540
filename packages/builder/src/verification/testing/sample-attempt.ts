import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { providerSchema } from '@plumb/protocol'
import type {
  ApiDescription,
  Body,
  CompiledFunction,
  Connection,
  Evidence,
  Execution,
  Interaction,
  Operation,
  Provider,
  Receipt,
  ReceiptDraft,
  Submission,
  TraceEvent,
  TraceEventBody,
} from '@plumb/protocol'
import { receiptHash } from '@plumb/store'
import { hashSource } from '@plumb/toolchain'

/** Parts of an honest attempt for tests: an issue of `api.example.com` is read or written through `acme/test`. */
export const baseUrl = 'https://api.example.com/v1'
export const startedAt = '2026-03-04T05:06:07.000Z'

export const provider: Provider = providerSchema.parse({
  name: 'acme',
  displayName: 'Acme',
  auth: { mode: 'bearer' },
  proxy: { baseUrl },
})

export const connection: Connection = {
  environment: 'dev',
  integrationKey: 'acme',
  connectionId: 'test',
  provider: 'acme',
  state: 'ok',
  connectionConfig: {},
  metadata: {},
  createdAt: startedAt,
  updatedAt: startedAt,
}

const operation = (id: string, method: Operation['method'], path: string): Operation => ({
  id,
  method,
  path,
  summary: id,
  description: '',
  tags: [],
  deprecated: false,
  scopes: [],
  parameters: [],
  requestBody: null,
  responses: [],
  pagination: null,
  incrementalParameter: null,
  docs: null,
})

export const description: ApiDescription = {
  title: 'Acme',
  version: '1',
  baseUrl,
  schemas: {},
  operations: [
    operation('issues.get', 'GET', '/issues/{id}'),
    operation('issues.list', 'GET', '/issues'),
    operation('issues.create', 'POST', '/issues'),
  ],
}

export const readIssue = `import { createAction } from '@plumb/sdk'
import { z } from 'zod'

export default createAction({
  description: 'Reads an issue',
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string(), title: z.string() }),
  exec: async (ctx, input) => {
    const { data } = await ctx.get({ endpoint: \`/issues/\${encodeURIComponent(input.id)}\` })
    return z.object({ id: z.string(), title: z.string() }).parse(data)
  },
})
`

export const interaction: Interaction = {
  id: 'read-issue',
  description: 'Reads an issue',
  input: { id: 'string' },
  output: { id: 'string', title: 'string' },
  expect: 'accepted',
}

export type CallSample = {
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly body?: unknown
  readonly requestBody?: unknown
  readonly executionId?: string | null
  readonly change?: Partial<ReceiptDraft>
}

/** A receipt as the gateway would draft it; by default a read of issue 7 by dry run `run-1`. */
export function draftReceipt(id: string, call: CallSample = {}): ReceiptDraft {
  const { method = 'GET', path = '/issues/7', status = 200, executionId = 'run-1' } = call
  return {
    id,
    chain: 'attempt-1',
    attemptId: 'attempt-1',
    executionId,
    purpose: executionId === null ? 'explore' : 'dryrun',
    integrationKey: 'acme',
    connectionId: 'test',
    request: {
      method,
      url: `${baseUrl}${path}`,
      headers: { accept: 'application/json' },
      body: call.requestBody === undefined ? null : jsonBody(call.requestBody),
    },
    response: {
      status,
      headers: { 'content-type': 'application/json' },
      body: jsonBody(call.body ?? { id: '7', title: 'Leak' }),
    },
    failure: null,
    write: method !== 'GET',
    startedAt,
    durationMs: 5,
    ...call.change,
  }
}

function jsonBody(value: unknown): Body {
  const text = JSON.stringify(value)
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { encoding: 'utf8', text, bytes: Buffer.byteLength(text), sha256 }
}

/** Numbers, chains and signs receipts as the store does. */
export function signReceipts(drafts: readonly ReceiptDraft[]): {
  receipts: Receipt[]
  publicKeys: ReadonlyMap<string, KeyObject>
} {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const receipts: Receipt[] = []
  for (const draft of drafts) {
    const previousHash = receipts.at(-1)?.hash ?? null
    const numbered = { ...draft, sequence: receipts.length + 1, previousHash, keyId: 'key-1' }
    const hash = receiptHash(numbered)
    const signature = sign(null, Buffer.from(hash), privateKey).toString('base64')
    receipts.push({ ...numbered, hash, signature })
  }
  return { receipts, publicKeys: new Map([['key-1', publicKey]]) }
}

/** A dry run of `source` that returned issue 7. */
export function dryRun(source: string, change: Partial<Execution> = {}): Execution {
  return {
    id: 'run-1',
    attemptId: 'attempt-1',
    purpose: 'dryrun',
    functionName: 'read-issue',
    functionKind: 'action',
    sourceHash: hashSource(source),
    integrationKey: 'acme',
    connectionId: 'test',
    input: { id: '7' },
    startCheckpoint: null,
    metadata: {},
    outcome: { kind: 'returned', output: { id: '7', title: 'Leak' } },
    records: {},
    endCheckpoint: null,
    calls: [
      {
        receiptId: 'r-1',
        method: 'GET',
        url: `${baseUrl}/issues/7`,
        status: 200,
        durationMs: 5,
        write: false,
      },
    ],
    logs: [],
    startedAt,
    durationMs: 20,
    cpuMs: null,
    ...change,
  }
}

export function submit(source: string, operations: readonly string[] = ['issues.get']): Submission {
  const sha256 = hashSource(source)
  return {
    attemptId: 'attempt-1',
    files: [{ path: 'function.ts', content: source, sha256 }],
    hash: sha256,
    operations,
    submittedAt: startedAt,
  }
}

/** Numbers trace events from 1. */
export function trace(...bodies: readonly TraceEventBody[]): TraceEvent[] {
  return bodies.map((body, index) => ({
    attemptId: 'attempt-1',
    sequence: index + 1,
    at: startedAt,
    ...body,
  }))
}

/** A shell command of the agent with its answer. */
export function shell(command: string, exitCode = 0, output = ''): TraceEventBody {
  return tool('bash', { command }, { exitCode, output })
}

export function tool(
  name: string,
  input: unknown,
  end: { exitCode?: number | null; output?: string } = {},
): TraceEventBody {
  const { exitCode = null, output = '' } = end
  return {
    kind: 'tool-called',
    callId: 'c',
    tool: name,
    input,
    output,
    exitCode,
    status: 'completed',
    durationMs: 1,
  }
}

export function evidenceOf(change: Partial<Evidence> = {}): Evidence {
  return {
    attemptId: 'attempt-1',
    submission: submit(readIssue),
    receipts: [],
    executions: [dryRun(readIssue)],
    trace: [],
    protectedFilesChanged: [],
    ...change,
  }
}

/** What compiling \`readIssue\` gives, for checks that do not run it. */
export function compiledSample(
  change: Partial<CompiledFunction['definition']> = {},
): CompiledFunction {
  const fields = (names: readonly string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  })
  return {
    name: 'read-issue',
    fileName: 'function.ts',
    code: '',
    sourceHash: hashSource(readIssue),
    definition: {
      kind: 'action',
      description: 'Reads an issue',
      version: null,
      scopes: [],
      endpoints: [],
      inputSchema: fields(['id']),
      outputSchema: fields(['id', 'title']),
      models: {},
      checkpointSchema: null,
      metadataSchema: null,
      frequency: null,
      autoStart: true,
      syncType: null,
      trackDeletes: false,
      event: null,
      ...change,
    },
  }
}
