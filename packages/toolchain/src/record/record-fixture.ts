import { PlumbError } from '@plumb/protocol'
import type {
  CompiledFunction,
  Connection,
  Execution,
  Fixture,
  Provider,
  Receipt,
} from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import { recordedOf, replayRecorded } from '../replay/replay-recorded.js'
import { compareResults } from './compare-results.js'
import { fixtureFromReceipts, recordsOf } from './fixture-from-receipts.js'
import type { PersonalData } from './personal-data.js'
import { pseudonymise } from './pseudonymise.js'
import type { Pseudonymised } from './pseudonymise.js'
import { withoutVolatileHeaders } from './without-volatile-headers.js'

export type RecordOrder = {
  readonly execution: Execution
  readonly receipts: readonly Receipt[]
  /** Where the connection's calls went. */
  readonly baseUrl: string
  readonly connection: Connection
  readonly provider: Provider
  readonly compiled: CompiledFunction
  /** TypeScript of the function: what it says itself is nobody's. */
  readonly source: string
  /** Secret of the project's pseudonyms. */
  readonly salt: string
  readonly pool: RunnerPool
  readonly signal: AbortSignal
}

export type RecordedFixture = {
  readonly fixture: Fixture
  /** How many values of each kind have a pseudonym. */
  readonly replaced: Readonly<Record<string, number>>
  /** What stayed as it was, because the function depends on it and it is nobody's: `domain acme.com`. */
  readonly kept: readonly string[]
  /** Places whose text the function made of pseudonyms, such as initials: `output.initials`. */
  readonly derived: readonly string[]
}

const deadlineMs = 60_000
/** Replays that looking for the value that breaks one may cost. */
const mostReplays = 48

/**
 * Makes a fixture of one execution: secrets and personal data replaced, and proved to give the same result again.
 * Throws PlumbError `fixture-not-repeatable` when it does not.
 */
export async function recordFixture(order: RecordOrder): Promise<RecordedFixture> {
  refuseUnfinished(order.execution)
  const whole = fixtureFromReceipts(order)
  const lean = withoutVolatileHeaders(whole)
  const first = await attempt(order, lean, [])
  if (first.kind === 'repeats') return first.recorded
  const raw = (await replay(order, lean)).kind === 'same' ? lean : whole
  const unrepeatable = await replay(order, raw)
  if (unrepeatable.kind === 'derived')
    throw notRepeatable(`${unrepeatable.paths.join(', ')} became another text`)
  if (unrepeatable.kind === 'other') throw notRepeatable(unrepeatable.why)
  return keepNeeded(order, raw)
}

/** Leaves out the pseudonyms that break the replay, as far as they are of nobody. */
async function keepNeeded(order: RecordOrder, raw: Fixture): Promise<RecordedFixture> {
  const first = await attempt(order, raw, [])
  if (first.kind === 'repeats') return first.recorded
  const open = openEntries(first.data)
  let best = await attempt(order, raw, open)
  if (best.kind === 'breaks') {
    const culprit = await firstThat(certainEntries(first.data), async (entry) => {
      const without = await attempt(order, raw, [...open, entry])
      return without.kind === 'repeats'
    })
    throw notRepeatable(first.why, culprit)
  }
  for (const entry of open.slice(0, mostReplays)) {
    const kept = best.recorded.kept.filter((each) => each !== entry)
    const fewer = await attempt(order, raw, kept)
    if (fewer.kind === 'repeats') best = fewer
  }
  return best.recorded
}

type Attempt =
  | { readonly kind: 'repeats'; readonly recorded: RecordedFixture }
  | { readonly kind: 'breaks'; readonly why: string; readonly data: PersonalData }

/** Replaces everything but `kept`, and replays it; texts that the function makes of pseudonyms are taken over. */
async function attempt(
  order: RecordOrder,
  raw: Fixture,
  kept: readonly string[],
): Promise<Attempt> {
  const { fixture, data } = make(order, raw, kept)
  const found = await replay(order, fixture)
  if (found.kind === 'other') return { kind: 'breaks', why: found.why, data }
  if (found.kind === 'same')
    return { kind: 'repeats', recorded: { fixture, replaced: counted(data), kept, derived: [] } }
  const again = { ...fixture, ...found.result }
  const proof = await replay(order, again)
  if (proof.kind !== 'same') return { kind: 'breaks', why: 'no two replays are alike', data }
  const { paths: derived } = found
  return { kind: 'repeats', recorded: { fixture: again, replaced: counted(data), kept, derived } }
}

function make(order: RecordOrder, raw: Fixture, except: readonly string[]): Pseudonymised {
  const { salt, compiled, source, provider, baseUrl } = order
  const hosts = [baseUrl, provider.proxy.baseUrl]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).hostname)
  return pseudonymise(raw, {
    ...{ salt, definition: compiled.definition, hosts, except: new Set(except) },
    written: textsIn(source),
  })
}

/** Texts that the function itself holds. */
function textsIn(source: string): string[] {
  return [...source.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g)].map(([, , text = '']) => text)
}

/** Domains of companies, and words that only looked like names. */
function openEntries({ words, domains }: PersonalData): string[] {
  const guessed = [...words].filter(([, how]) => how === 'guessed').map(([word]) => `word ${word}`)
  return [...[...domains].map((domain) => `domain ${domain}`), ...guessed]
}

function certainEntries({ words, literals }: PersonalData): string[] {
  const named = [...words].filter(([, how]) => how === 'named').map(([word]) => `word ${word}`)
  return [...named, ...[...literals.keys()].map((literal) => `literal ${literal}`)]
}

async function firstThat(
  entries: readonly string[],
  holds: (entry: string) => Promise<boolean>,
): Promise<string | null> {
  for (const entry of entries.slice(0, mostReplays)) if (await holds(entry)) return entry
  return null
}

type Replayed =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'derived'
      readonly paths: readonly string[]
      readonly result: Pick<Fixture, 'output' | 'nango'>
    }
  | { readonly kind: 'other'; readonly why: string }

/** Replays `fixture` strictly, and says in what the result is another one. */
async function replay(order: RecordOrder, fixture: Fixture): Promise<Replayed> {
  const { pool, provider, compiled, signal } = order
  const { execution, unknown, unused } = await replayRecorded({
    ...{ pool, provider, compiled, signal, deadlineMs, ids: () => 'fixture' },
    fixture,
  })
  const { outcome, records } = execution
  const why = [
    ...unknown.map(({ message }) => message),
    ...(outcome.kind === 'threw' ? [`the function failed: ${outcome.error.message}`] : []),
    ...(outcome.kind === 'killed' ? [`the function was ended: ${outcome.detail}`] : []),
    ...unused.map(({ request }) => `it did not ask for ${request.method} ${request.url}`),
  ][0]
  if (why !== undefined || outcome.kind !== 'returned') return { kind: 'other', why: why ?? '' }
  const recorded = recordedOf(fixture, compiled.definition)
  const compared = compareResults(recorded, { output: outcome.output ?? null, records })
  if (compared.kind !== 'derived') return compared
  const nango = { ...fixture.nango, ...changesOf(records) }
  return { ...compared, result: { output: outcome.output, nango } }
}

function changesOf(records: Execution['records']): NonNullable<Fixture['nango']> {
  return {
    ...recordsOf('batchSave', records, 'saved'),
    ...recordsOf('batchUpdate', records, 'updated'),
    ...recordsOf('batchDelete', records, 'deleted'),
  }
}

function counted({ literals }: PersonalData): Record<string, number> {
  const replaced: Record<string, number> = {}
  for (const kind of literals.values()) replaced[kind] = (replaced[kind] ?? 0) + 1
  return replaced
}

function refuseUnfinished({ outcome, id }: Execution): void {
  if (outcome.kind === 'returned') return
  throw notRepeatable(`execution ${id} returned no result`)
}

/** Names what broke without saying whose it is. */
function notRepeatable(why: string, culprit: string | null = null): PlumbError {
  const [kind, text = ''] = culprit?.split(/ (.*)/s) ?? []
  const broke =
    culprit === null
      ? ''
      : ` The ${kind} "${text.slice(0, 1)}${'*'.repeat(Math.min(text.length - 1, 12))}" broke it, and it is personal data.`
  return new PlumbError({
    code: 'fixture-not-repeatable',
    message: `The recording cannot be repeated: ${why}.${broke}`,
    remedy:
      'Let the function take what it decides by from its input or from fields that are not about people, or record with a test account.',
  })
}
