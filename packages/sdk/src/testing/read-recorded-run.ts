import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlumbError, fixtureSchema } from '@plumb/protocol'
import type { Fixture, Provider } from '@plumb/protocol'
import { recordingsFromFixture } from '../replay/fixture-recordings.js'
import { legacyRun } from './legacy-run.js'
import type { RecordedRun } from './recorded-run.js'

/** `tests/<name>.test.json`, `mocks/<name>` of an older project, or the fixture itself. */
export type FixtureSource = string | URL | Fixture

/** Reads either format. Throws PlumbError `fixture-missing` when it is not there or not a fixture. */
export function readRecordedRun(fixture: FixtureSource, provider: Provider | null): RecordedRun {
  if (typeof fixture === 'object' && !(fixture instanceof URL)) {
    return unifiedRun('the given fixture', fixture, provider)
  }
  const path = fixture instanceof URL ? fileURLToPath(fixture) : fixture
  const parent = dirname(path)
  if (basename(parent) === 'mocks') return legacyRun(parent, basename(path))
  return unifiedRun(path, readJson(path), provider)
}

function unifiedRun(source: string, content: unknown, provider: Provider | null): RecordedRun {
  const parsed = fixtureSchema.safeParse(tolerant(content))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw unreadable(source, `"${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`)
  }
  const { input, output, nango = {} } = parsed.data
  const recordings = recordingsFromFixture(parsed.data, provider)
  return { source, input, output, members: nango, recordings }
}

function readJson(path: string): unknown {
  try {
    if (statSync(path).isDirectory()) return readJson(`${path}.test.json`)
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error))
  }
}

function unreadable(source: string, why: string): PlumbError {
  return new PlumbError({
    code: 'fixture-missing',
    message: `${source} is not a fixture: ${why}`,
    remedy: `Name tests/<name>.test.json or ${join('mocks', '<name>')}, or record the function again.`,
  })
}

/** Older recordings leave members out, or hold several values of one header. */
function tolerant(content: unknown): unknown {
  const { api, ...rest } = members(content)
  if (api === undefined) return content
  return { ...rest, api: mapped(api, (endpoints) => mapped(endpoints, entriesOf)) }
}

function entriesOf(entries: unknown): unknown {
  return Array.isArray(entries) ? entries.map(entryOf) : entryOf(entries)
}

function entryOf(entry: unknown): unknown {
  const { request, headers, response = '', status = 200, ...rest } = members(entry)
  const asked = request === undefined || request === null ? {} : { request: requestOf(request) }
  return { ...rest, response, status, headers: texts(headers), ...asked }
}

function requestOf(request: unknown): unknown {
  const { headers, ...rest } = members(request)
  return { ...rest, headers: texts(headers) }
}

function texts(headers: unknown): unknown {
  return mapped(headers ?? {}, (value) => (Array.isArray(value) ? value.join(', ') : String(value)))
}

function mapped(object: unknown, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members(object)).map(([name, value]) => [name, change(value)]),
  )
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
