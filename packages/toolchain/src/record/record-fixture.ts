import { canonicalJson, PlumbError } from '@plumb/protocol'
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
import { fixtureFromReceipts } from './fixture-from-receipts.js'
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
  const first = make(order, lean, [])
  const wrong = await difference(order, first.fixture)
  if (wrong === null) return told(first, [])
  const raw = (await difference(order, lean)) === null ? lean : whole
  const unrepeatable = await difference(order, raw)
  if (unrepeatable !== null) throw notRepeatable(unrepeatable)
  return keepNeeded(order, raw, { first, wrong })
}

type Broken = { readonly first: Pseudonymised; readonly wrong: string }

/** Leaves out the pseudonyms that break the replay, as far as they are of nobody. */
async function keepNeeded(
  order: RecordOrder,
  raw: Fixture,
  { first, wrong }: Broken,
): Promise<RecordedFixture> {
  const works = async (except: readonly string[]) =>
    (await difference(order, make(order, raw, except).fixture)) === null
  const open = openEntries(first.data)
  if (!(await works(open))) {
    const culprit = await firstThat(certainEntries(first.data), (entry) => works([...open, entry]))
    throw notRepeatable(wrong, culprit)
  }
  let kept = [...open]
  for (const entry of open.slice(0, mostReplays)) {
    const fewer = kept.filter((each) => each !== entry)
    if (await works(fewer)) kept = fewer
  }
  return told(make(order, raw, kept), kept)
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

/** What a strict replay of `fixture` makes otherwise than the fixture says, as a sentence; null when nothing. */
async function difference(order: RecordOrder, fixture: Fixture): Promise<string | null> {
  const { pool, provider, compiled, signal } = order
  const { execution, unknown, unused } = await replayRecorded({
    ...{ pool, provider, compiled, signal, deadlineMs, ids: () => 'fixture' },
    fixture,
  })
  const [asked] = unknown
  if (asked) return asked.message
  const { outcome } = execution
  if (outcome.kind === 'threw') return `the function failed: ${outcome.error.message}`
  if (outcome.kind === 'killed') return `the function was ended: ${outcome.detail}`
  const [left] = unused
  if (left) return `it did not ask for ${left.request.method} ${left.request.url}`
  const recorded = recordedOf(fixture, compiled.definition)
  const replayed = { output: outcome.output ?? null, records: execution.records }
  return firstDifference(recorded, replayed)
}

/** The path and both values where two results part. */
function firstDifference(recorded: unknown, replayed: unknown, path = ''): string | null {
  if (canonicalJson(recorded) === canonicalJson(replayed)) return null
  if (!isObject(recorded) || !isObject(replayed))
    return `${path.slice(1) || 'the result'} was ${shown(recorded)} and became ${shown(replayed)}`
  const keys = new Set([...Object.keys(recorded), ...Object.keys(replayed)])
  for (const key of keys) {
    const found = firstDifference(recorded[key], replayed[key], `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120)
}

function told({ fixture, data }: Pseudonymised, kept: readonly string[]): RecordedFixture {
  const replaced: Record<string, number> = {}
  for (const kind of data.literals.values()) replaced[kind] = (replaced[kind] ?? 0) + 1
  return { fixture, replaced, kept }
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
