import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fixtureSchema, jsonSchema } from '@plumb/protocol'
import type { Fixture } from '@plumb/protocol'
import type { Recording } from '@plumb/runtime'
import { z } from 'zod'

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** A recorded call with the request that led to it. */
const hashedSchema = z.object({
  requestIdentity: z.object({
    method: z.string(),
    params: z.array(z.tuple([z.string(), z.unknown()])).default([]),
    data: z.string().optional(),
  }),
  response: jsonSchema.optional(),
  status: z.number().int().default(200),
  headers: z.record(z.string(), z.unknown()).default({}),
})

/**
 * Reads what a `mocks/` folder says about one function: `<name>/input.json`, and under `nango/<method>/proxy/` the
 * calls. Null when it has no call for the function.
 */
export async function readMocks(
  folder: string,
  name: string,
): Promise<{ fixture: Fixture; recordings: Recording[] } | null> {
  const lists = await Promise.all(
    methods.map((method) =>
      recordingsBelow(join(folder, 'nango', method, 'proxy'), { method, name }),
    ),
  )
  const recordings = lists.flat()
  if (recordings.length === 0) return null
  const fixture = fixtureSchema.parse({
    input: await readJson(join(folder, name, 'input.json')),
    nango: {
      getConnection: await readJson(join(folder, 'nango', 'getConnection.json')),
      getMetadata: await readJson(join(folder, 'nango', 'getMetadata.json')),
    },
  })
  return { fixture, recordings }
}

async function recordingsBelow(
  root: string,
  o: { readonly method: string; readonly name: string },
): Promise<Recording[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(
    () => [] as Dirent[],
  )
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const read = await Promise.all(paths.map((path) => recordingIn(path, { ...o, root })))
  return read.filter((recording) => recording !== null)
}

async function recordingIn(
  path: string,
  { root, method, name }: { root: string; method: string; name: string },
): Promise<Recording | null> {
  const place = relative(root, path).split('/')
  const content = await readJson(path)
  const hashed = hashedSchema.safeParse(content)
  if (hashed.success) {
    // The recorded endpoint is in lower case; the folders are written as the function asked.
    return place.at(-2) === name
      ? fromHashed(hashed.data, `/${place.slice(0, -2).join('/')}`)
      : null
  }
  if (place.at(-1) !== `${name}.json`) return null
  // The older form is the bare answer of whatever asks for the path.
  const url = `/${place.slice(0, -1).join('/')}`
  const request = { method: method.toUpperCase(), url, headers: null, body: 'any' } as const
  return {
    receiptId: null,
    startedAt: null,
    request: { ...request, anyQuery: true },
    answer: answerOf(content, { status: 200, headers: {} }),
  }
}

function fromHashed(
  { requestIdentity, response, status, headers }: z.infer<typeof hashedSchema>,
  path: string,
): Recording {
  const { method, params, data } = requestIdentity
  const query = new URLSearchParams()
  for (const [param, value] of params) {
    query.append(param, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    receiptId: null,
    startedAt: null,
    request: {
      method: method.toUpperCase(),
      url: query.size === 0 ? path : `${path}?${query.toString()}`,
      headers: null,
      // A hash stands for some bodies, and texts are written by rules of their own.
      body: data === undefined ? null : 'any',
    },
    answer: answerOf(response, { status, headers: Object.fromEntries(texts) }),
  }
}

function answerOf(
  response: unknown,
  { status, headers }: { status: number; headers: Record<string, string> },
): Recording['answer'] {
  const isJson = typeof response !== 'string'
  const text = response === undefined ? '' : isJson ? JSON.stringify(response) : response
  const told = isJson ? { 'content-type': 'application/json', ...headers } : headers
  return { kind: 'response', status, headers: told, body: { encoding: 'utf8', text } }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? undefined : (JSON.parse(text) as unknown)
}
