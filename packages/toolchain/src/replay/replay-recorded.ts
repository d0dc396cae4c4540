import type {
  CompiledFunction,
  Connection,
  Execution,
  Fixture,
  FunctionDefinition,
  JsonObject,
  Provider,
  RecordChanges,
} from '@plumb/protocol'
import { defaultEnvironment, jsonObjectSchema } from '@plumb/protocol'
import { recordingsFromFixture } from '@plumb/runtime'
import { replayExecution } from './replay-execution.js'
import type { Replay, ReplayInput } from './replay-execution.js'

export type FixtureInput = Pick<ReplayInput, 'pool' | 'deadlineMs' | 'ids' | 'signal'> & {
  readonly fixture: Fixture
  readonly provider: Provider
  readonly compiled: CompiledFunction
}

/** Runs a function against its fixture: what the fixture holds is all there is. */
export async function replayRecorded({ fixture, ...input }: FixtureInput): Promise<Replay> {
  const { nango = {} } = fixture
  const recorded = textsOf(nango['recorded'])
  return replayExecution({
    ...input,
    connection: connectionOf(fixture, input.provider),
    baseUrl: recorded['baseUrl'] ?? input.provider.proxy.baseUrl,
    recorded: {
      id: recorded['seed'] ?? 'fixture',
      startedAt: recorded['now'] ?? new Date(0).toISOString(),
      input: fixture.input ?? null,
      metadata: objectOf(nango.getMetadata) ?? {},
      startCheckpoint: objectOf(nango.getCheckpoint),
    },
    recordings: recordingsFromFixture(fixture, input.provider),
  })
}

/** What the fixture says came out, in the form in which an execution tells it. */
export function recordedOf(
  { output, nango = {} }: Fixture,
  { models }: Pick<FunctionDefinition, 'models'>,
): { output: unknown; records: Execution['records'] } {
  const names = Object.keys(models)
  const changes = (name: string): RecordChanges => ({
    saved: objectsOf(nango.batchSave?.[name]),
    updated: objectsOf(nango.batchUpdate?.[name]),
    deleted: objectsOf(nango.batchDelete?.[name]),
  })
  return {
    output: output ?? null,
    records: Object.fromEntries(names.map((name) => [name, changes(name)])),
  }
}

function connectionOf({ nango = {} }: Fixture, provider: Provider): Connection {
  const recorded = objectOf(nango.getConnection) ?? {}
  const text = (name: string, otherwise: string): string => textsOf(recorded)[name] ?? otherwise
  return {
    environment: defaultEnvironment,
    integrationKey: text('provider_config_key', provider.name),
    connectionId: text('connection_id', 'fixture'),
    provider: provider.name,
    state: 'ok',
    connectionConfig: textsOf(recorded['connection_config']),
    metadata: objectOf(nango.getMetadata) ?? {},
    createdAt: text('created_at', new Date(0).toISOString()),
    updatedAt: text('updated_at', new Date(0).toISOString()),
  }
}

function objectOf(value: unknown): JsonObject | null {
  const parsed = jsonObjectSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

function objectsOf(values: readonly unknown[] | undefined): JsonObject[] {
  return (values ?? []).map(objectOf).filter((value) => value !== null)
}

function textsOf(value: unknown): Record<string, string> {
  const texts = Object.entries(objectOf(value) ?? {}).filter(
    ([, member]) => typeof member === 'string',
  )
  return Object.fromEntries(texts) as Record<string, string>
}
