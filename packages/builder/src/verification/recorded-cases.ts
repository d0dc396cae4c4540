import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  defaultEnvironment,
  fixtureSchema,
  jsonObjectSchema,
  PlumbError,
  providerSchema,
} from '@plumb/protocol'
import type { Connection, Fixture, JsonObject, Provider } from '@plumb/protocol'
import { recordingsFromFixture } from '@plumb/runtime'
import type { Recording } from '@plumb/runtime'
import { readRecordedRun } from '@plumb/sdk/replay'
import type { RecordedRun } from '@plumb/sdk/replay'
import type { ProjectFunction } from '@plumb/toolchain'
import type { RecordedCase } from './oracles/oracle.js'

/** What a project has recorded of one function, ready to be played again. */
export type ProjectCase = {
  readonly recorded: RecordedCase
  readonly provider: Provider
  readonly connection: Connection
  readonly baseUrl: string
  /** What came out when it was recorded: the output of an action, or the saved records of a sync by model. Undefined where nothing says it. */
  readonly expected: unknown
}

/** Stands for the address of an API that nobody has named; nothing is ever sent there. */
const namelessBaseUrl = 'https://api.example.invalid'
const fallbackNow = '2026-01-15T12:00:00.000Z'

/** Reads `tests/<name>.test.json`, or else the `mocks/` folder; null when neither has anything about the function. */
export async function readCase(
  one: ProjectFunction,
  known: Provider | null,
): Promise<ProjectCase | null> {
  const folder = dirname(dirname(one.file))
  const provider = known ?? namelessProvider()
  const unified = join(folder, 'tests', `${one.name}.test.json`)
  if (existsSync(unified)) {
    const fixture = fixtureSchema.parse(JSON.parse(await readFile(unified, 'utf8')))
    return caseOf({ one, provider, fixture, recordings: recordingsFromFixture(fixture, provider) })
  }
  const mocks = readMocks(join(folder, 'mocks', one.name))
  return mocks && caseOf({ one, provider, ...mocks })
}

/** What a `mocks/` folder says about one function; null when it has no call for it. */
function readMocks(path: string): Pick<CaseParts, 'fixture' | 'recordings'> | null {
  if (!existsSync(dirname(path))) return null
  const { input, output, members, recordings } = readMocksOrNothing(path)
  if (recordings.length === 0) return null
  const { getConnection, getMetadata } = members
  const fixture = fixtureSchema.parse({ input, output, nango: { getConnection, getMetadata } })
  return { fixture, recordings: recordings.map(asAsked) }
}

type Mocks = Pick<RecordedRun, 'input' | 'output' | 'members' | 'recordings'>

function readMocksOrNothing(path: string): Mocks {
  try {
    return readRecordedRun(path, null)
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code !== 'fixture-missing') throw error
    return { input: undefined, output: undefined, members: {}, recordings: [] }
  }
}

/** Hashes stand for some bodies, headers hold what their recorder added, and addresses lack the first slash. */
function asAsked(recording: Recording): Recording {
  const { url, body } = recording.request
  return {
    ...recording,
    request: {
      ...recording.request,
      url: url.startsWith('/') ? url : `/${url}`,
      headers: null,
      body: body === null ? null : 'any',
    },
  }
}

type CaseParts = {
  readonly one: ProjectFunction
  readonly provider: Provider
  readonly fixture: Fixture
  readonly recordings: readonly Recording[]
}

function caseOf({ one, provider, fixture, recordings }: CaseParts): ProjectCase {
  const { nango = {} } = fixture
  const told = objectOf(nango['recorded'])
  const metadata = objectOf(nango.getMetadata)
  const template = provider.proxy.baseUrl
  return {
    expected: one.kind === 'action' ? fixture.output : nango.batchSave,
    provider,
    connection: connectionOf(nango.getConnection, { one, provider, metadata }),
    baseUrl: textIn(told, 'baseUrl') ?? (template.includes('${') ? namelessBaseUrl : template),
    recorded: {
      name: one.name,
      recordings,
      input: fixture.input ?? null,
      metadata,
      checkpoint: jsonObjectSchema.safeParse(nango.getCheckpoint).data ?? null,
      clock: {
        now: textIn(told, 'now') ?? dateIn(recordings) ?? fallbackNow,
        seed: textIn(told, 'seed') ?? 'fixture',
      },
      pointer: null,
    },
  }
}

/** APIs say in their answers when they gave them. */
function dateIn(recordings: readonly Recording[]): string | null {
  const dates = recordings.map(({ answer }) =>
    answer.kind === 'response' ? Date.parse(answer.headers['date'] ?? '') : NaN,
  )
  const [first] = dates.filter((date) => !Number.isNaN(date))
  return first === undefined ? null : new Date(first).toISOString()
}

function connectionOf(
  recorded: unknown,
  o: { one: ProjectFunction; provider: Provider; metadata: JsonObject },
): Connection {
  const told = objectOf(recorded)
  const config = Object.entries(objectOf(told['connection_config'])).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const at = new Date(0).toISOString()
  return {
    environment: defaultEnvironment,
    integrationKey: textIn(told, 'provider_config_key') ?? o.one.integration,
    connectionId: textIn(told, 'connection_id') ?? 'c-1',
    provider: o.provider.name,
    state: 'ok',
    connectionConfig: Object.fromEntries(config),
    metadata: o.metadata,
    createdAt: textIn(told, 'created_at') ?? at,
    updatedAt: textIn(told, 'updated_at') ?? at,
  }
}

function namelessProvider(): Provider {
  return providerSchema.parse({
    name: 'unnamed',
    displayName: 'Unnamed',
    auth: { mode: 'none' },
    proxy: { baseUrl: namelessBaseUrl },
  })
}

function objectOf(value: unknown): JsonObject {
  return jsonObjectSchema.safeParse(value).data ?? {}
}

function textIn(object: JsonObject, name: string): string | null {
  const value = object[name]
  return typeof value === 'string' ? value : null
}
