import { readFile, stat } from 'node:fs/promises'
import type { Json } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import { LineCounter, parseDocument } from 'yaml'
import type { ApiDocument } from './document.js'
import { documentError, isObject } from './document.js'

const defaultMaxBytes = 64 * 1024 * 1024

export type ReadOptions = {
  /** Largest document that is read, in bytes; 64 MiB by default. */
  readonly maxBytes?: number
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
}

/** The text of a file or an `http(s)` URL. */
export async function readSource(source: string, options: ReadOptions): Promise<string> {
  return /^https?:\/\//i.test(source) ? fetchText(source, options) : readText(source, options)
}

async function readText(path: string, options: ReadOptions): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > limitOf(options)) throw tooLarge(path, options)
    return await readFile(path, { encoding: 'utf8', signal: options.signal })
  } catch (cause) {
    if (cause instanceof PlumbError || options.signal?.aborted === true) throw cause
    throw missing(path, `cannot be read (${reasonOf(cause)})`, cause)
  }
}

async function fetchText(url: string, options: ReadOptions): Promise<string> {
  const response = await request(url, options)
  if (!response.ok) throw missing(url, `answered with status ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength
    if (size > limitOf(options)) throw tooLarge(url, options)
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function request(url: string, options: ReadOptions): Promise<Response> {
  const fetcher = options.fetch ?? fetch
  try {
    return await fetcher(url, { signal: options.signal ?? null })
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw missing(url, `cannot be fetched (${reasonOf(cause)})`, cause)
  }
}

const limitOf = (options: ReadOptions): number => options.maxBytes ?? defaultMaxBytes

function tooLarge(source: string, options: ReadOptions): PlumbError {
  return documentError(source, '', {
    message: `is larger than ${limitOf(options)} bytes`,
    remedy: 'Cut the document down to the paths you need.',
  })
}

function missing(source: string, problem: string, cause?: unknown): PlumbError {
  return new PlumbError({
    code: 'api-description-missing',
    message: `The API description ${source} ${problem}.`,
    remedy: 'Check the path or URL of "apiDescription" in the brief or in the provider entry.',
    cause,
  })
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause.message : null
  return inner ?? cause.message
}

/** Parses JSON or YAML text; the error names line and column. */
export function parseApiDocument(source: string, text: string): ApiDocument {
  const value = /^\s*\{/.test(text) ? parseJson(source, text) : parseYaml(source, text)
  if (!isObject(value)) {
    throw documentError(source, '', { message: 'does not hold an object at its root' })
  }
  return { source, root: value }
}

function parseJson(source: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return parseYaml(source, text)
  }
}

function parseYaml(source: string, text: string): Json {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const message = error.message.split('\n')[0] ?? error.message
    throw documentError(`${source}:${line}:${col}`, '', {
      message: `is not JSON or YAML: ${message}`,
    })
  }
  try {
    return document.toJS({ maxAliasCount: 100 }) as Json
  } catch (cause) {
    throw documentError(source, '', { message: `cannot be expanded: ${reasonOf(cause)}` })
  }
}
