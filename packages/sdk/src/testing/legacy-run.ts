import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Recording } from '../replay/recording.js'
import { textOf } from './compat-identity.js'
import type { CompatIdentity } from './compat-identity.js'
import type { RecordedRun } from './recorded-run.js'

/** The recorded run of a function in a `mocks/` folder. Throws PlumbError `fixture-missing`. */
export function legacyRun(mocks: string, name: string): RecordedRun {
  const files = existsSync(mocks) ? filesUnder(join(mocks, 'nango')) : []
  const recordings = files.flatMap((file) => recordingOf(mocks, file, name))
  const own = join(mocks, name)
  if (recordings.length === 0 && !existsSync(own)) throw missing(own)
  return {
    source: own,
    input: optional(join(own, 'input.json')),
    output: optional(join(own, 'output.json')),
    members: {
      getConnection: optional(join(mocks, 'nango', 'getConnection.json')),
      getMetadata: optional(join(mocks, 'nango', 'getMetadata.json')),
      batchSave: batches(own, 'batchSave.json'),
      batchDelete: batches(own, 'batchDelete.json'),
    },
    recordings,
  }
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** `nango/<method>/proxy/<endpoint>/<name>.json` or `.../<name>/<hash>.json`. */
function recordingOf(mocks: string, file: string, name: string): Recording[] {
  const flat = basename(file) === `${name}.json`
  if (!flat && basename(dirname(file)) !== name) return []
  const folder = flat ? dirname(file) : dirname(dirname(file))
  const [method = '', proxy, ...steps] = relative(join(mocks, 'nango'), folder).split(sep)
  if (proxy !== 'proxy') return []
  const content = readJson(file)
  const endpoint = steps.join('/')
  return [flat ? anonymous(method, endpoint, content) : hashed(method, endpoint, content)]
}

function anonymous(method: string, endpoint: string, response: unknown): Recording {
  return {
    receiptId: null,
    startedAt: null,
    request: {
      method: method.toUpperCase(),
      url: endpoint,
      headers: null,
      body: 'any',
      anyQuery: true,
    },
    answer: answerOf({ response }),
  }
}

type HashedFile = {
  readonly requestIdentity?: CompatIdentity
  readonly response?: unknown
  readonly status?: number
  readonly headers?: Readonly<Record<string, unknown>>
}

function hashed(method: string, endpoint: string, content: unknown): Recording {
  const file = content as HashedFile
  const { params = [], headers = [], data } = file.requestIdentity ?? {}
  const query = params
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(textOf(value))}`)
    .join('&')
  const hash = /^sha1:(.*)$/.exec(data ?? '')?.[1]
  return {
    receiptId: null,
    startedAt: null,
    request: {
      method: method.toUpperCase(),
      url: `${endpoint}${query === '' ? '' : `${endpoint.includes('?') ? '&' : '?'}${query}`}`,
      headers: Object.fromEntries(headers.map(([key, value]) => [key, String(value)])),
      body:
        hash === undefined
          ? data === undefined
            ? null
            : { encoding: 'utf8', text: data }
          : { sha1: hash },
    },
    answer: answerOf(file),
  }
}

function answerOf({ response, status = 200, headers = {} }: HashedFile): Recording['answer'] {
  const isText = typeof response === 'string'
  const told = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value)])
  const type = isText ? {} : { 'content-type': 'application/json' }
  const text = isText ? response : (JSON.stringify(response ?? '') ?? '')
  return {
    kind: 'response',
    status,
    headers: { ...type, ...Object.fromEntries(told) } as Record<string, string>,
    body: { encoding: 'utf8', text },
  }
}

function batches(own: string, file: string): Record<string, unknown> {
  if (!existsSync(own)) return {}
  const models = readdirSync(own).filter((model) => existsSync(join(own, model, file)))
  return Object.fromEntries(models.map((model) => [model, readJson(join(own, model, file))]))
}

function optional(file: string): unknown {
  return existsSync(file) ? readJson(file) : undefined
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function missing(own: string): PlumbError {
  return new PlumbError({
    code: 'fixture-missing',
    message: `There is no recording in ${own}.`,
    remedy: 'Correct the name, or record the function again.',
  })
}
