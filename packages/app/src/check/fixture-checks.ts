import { generateKeyPairSync } from 'node:crypto'
import { basename } from 'node:path'
import { firstLevelChecks } from '@plumb/builder'
import type { CheckInput } from '@plumb/builder'
import { canonicalJson, defaultEnvironment, fixtureSchema } from '@plumb/protocol'
import type { Finding, Fixture, Provider, Receipt, ReceiptDraft } from '@plumb/protocol'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import type { LoadedFunction } from '@plumb/toolchain'

export type FixtureCheck = {
  readonly loaded: LoadedFunction
  /** Text of the fixture, and where it stands. */
  readonly fixture: { readonly path: string; readonly text: string }
  readonly provider: Provider
  readonly pool: RunnerPool
  readonly sandbox: Sandbox
  readonly signal: AbortSignal
}

/** Checks of the first level that ask nothing about an attempt: a replay is evidence enough. */
const askable = ['error-laundering', 'copied-values', 'declared-writes']
const deadlineMs = 60_000

/** Replays one fixture strictly and asks what can be asked of the replay. */
export async function checkFixture(check: FixtureCheck): Promise<Finding[]> {
  const fixture = parseFixture(check)
  if (!('nango' in fixture || 'api' in fixture || 'input' in fixture)) return [unreadable(check)]
  const { recordedOf, replayRecorded } = await import('@plumb/toolchain')
  const { pool, provider, signal, loaded } = check
  const { compiled } = loaded
  const ids = () => 'fixture'
  const replay = await replayRecorded({
    ...{ fixture, provider, compiled, pool, deadlineMs, ids, signal },
  })
  const name = basename(check.fixture.path)
  const { outcome, records } = replay.execution
  const recorded = recordedOf(fixture, compiled.definition)
  const differs =
    outcome.kind === 'returned' &&
    canonicalJson(recorded) !== canonicalJson({ output: outcome.output ?? null, records })
  const failed = outcome.kind === 'threw' ? outcome.error.message : 'it was ended'
  return [
    ...replay.unknown.map(({ message }) => finding('C11', `${name}: ${message}`)),
    ...replay.unused.map(({ request }) =>
      finding('C10', `${name}: the function does not ask for ${request.method} ${request.url}.`),
    ),
    ...(outcome.kind === 'returned' || replay.unknown.length > 0
      ? []
      : [finding('T2', `${name}: the replay failed: ${failed}`)]),
    ...(differs ? [finding('T2', `${name}: the replay gives another result.`)] : []),
    ...(await askFirstLevel(check, replay.execution, replay.receipts)),
  ]
}

function parseFixture({ fixture }: FixtureCheck): Fixture {
  try {
    const parsed = fixtureSchema.safeParse(JSON.parse(fixture.text))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

function unreadable({ fixture }: FixtureCheck): Finding {
  return finding('T2', `${basename(fixture.path)} is no fixture, or an empty one.`)
}

async function askFirstLevel(
  check: FixtureCheck,
  execution: CheckInput['dryRuns'][number],
  drafts: readonly ReceiptDraft[],
): Promise<Finding[]> {
  const { loaded, provider, pool, sandbox, signal } = check
  const receipts = drafts.map((draft, index): Receipt => ({
    ...draft,
    ...{ purpose: 'dryrun', executionId: execution.id, sequence: index + 1 },
    ...{ previousHash: null, hash: '', signature: '', keyId: 'replay' },
  }))
  const { publicKey } = generateKeyPairSync('ed25519')
  const input: CheckInput = {
    evidence: {
      ...{ attemptId: 'check', submission: null, receipts, executions: [execution] },
      ...{ trace: [], protectedFilesChanged: [] },
    },
    interaction: {
      ...{ id: loaded.compiled.name, description: loaded.compiled.definition.description },
      ...{ expect: 'accepted', expectedStatuses: expectedIn(loaded.source) },
    },
    description: {
      ...{ title: provider.displayName, version: '', baseUrl: null, operations: [], schemas: {} },
    },
    ...{ provider, pool, sandbox, signal, deadlineMs, ids: () => 'check', workspaceRoot: null },
    connection: connectionOf(provider),
    baseUrl: provider.proxy.baseUrl,
    publicKeys: new Map([['replay', publicKey]]),
    ...{ source: loaded.source, compiled: loaded.compiled },
    dryRuns: execution.outcome.kind === 'returned' ? [execution] : [],
  }
  const found: Finding[] = []
  for (const one of firstLevelChecks.filter(({ name }) => askable.includes(name)))
    found.push(...(await one.run(input)))
  return found
}

function connectionOf(provider: Provider): CheckInput['connection'] {
  const never = new Date(0).toISOString()
  return {
    environment: defaultEnvironment,
    ...{ integrationKey: provider.name, connectionId: 'fixture', provider: provider.name },
    ...{ state: 'ok', connectionConfig: {}, metadata: {}, createdAt: never, updatedAt: never },
  }
}

/** Statuses that the function itself declares as normal answers. */
function expectedIn(source: string): number[] {
  return [...source.matchAll(/expectedStatus\s*:\s*\[([\d,\s]*)\]/g)].flatMap(([, list = '']) =>
    list.split(',').map(Number).filter(Boolean),
  )
}

function finding(behaviour: Finding['behaviour'], message: string): Finding {
  return {
    ...{ check: 'replay', behaviour, severity: 'reject', message, pointer: null },
    remedy: 'Correct the function, or record it again with `plumb record`.',
  }
}
