import type { ProviderRequest } from '@plumb/protocol'
import type { GatewayAnswer, ReplayGateway } from '@plumb/runtime'

type Ask = {
  /** Brings a request back to what was recorded. */
  readonly translate?: (request: ProviderRequest) => ProviderRequest
  /** Serves the likeliest recording to a request that was never recorded. */
  readonly lenient?: boolean
  readonly request: ProviderRequest
  readonly signal: AbortSignal | undefined
  readonly anyHost: boolean
}

type Found = { readonly answer: GatewayAnswer; readonly guessed: boolean }

/** What was recorded for a request or, when that is asked for, for the one that is most like it. */
export async function likelyAnswer(replay: ReplayGateway, ask: Ask): Promise<Found> {
  const request = ask.translate?.(ask.request) ?? ask.request
  const answer = await firstKnown(replay, [request, ask.request], ask.signal)
  if (ask.anyHost && answer.kind === 'refused' && answer.error.code === 'host-not-allowed') {
    const endpoint = request.endpoint.replace(/^https?:\/\/[^/?#]+/, '')
    return likelyAnswer(replay, { ...ask, request: { ...request, endpoint }, anyHost: false })
  }
  const unknown = answer.kind === 'refused' && answer.error.code === 'replay-unknown-request'
  if (!unknown || ask.lenient !== true) return { answer, guessed: false }
  const likely = likeliest(replay, request)
  if (likely === null) return { answer, guessed: false }
  return { answer: await replay.request(likely, ask.signal), guessed: true }
}

/** A number that stands for another one in an answer may be meant as it is in a request. */
async function firstKnown(
  replay: ReplayGateway,
  [translated, raw]: readonly [ProviderRequest, ProviderRequest],
  signal: AbortSignal | undefined,
): Promise<GatewayAnswer> {
  const answer = await replay.request(translated, signal)
  const unknown = answer.kind === 'refused' && answer.error.code === 'replay-unknown-request'
  if (!unknown || raw === translated) return answer
  const other = await replay.request(raw, signal)
  return other.kind === 'refused' ? answer : other
}

/** The next recording of the same method whose path is the same, or is built the same way. */
function likeliest(replay: ReplayGateway, request: ProviderRequest): ProviderRequest | null {
  const same = replay.unused().filter((one) => one.request.method === request.method)
  const path = pathSteps(request.endpoint)
  const equal = nearestQuery(
    same.filter((one) => endsAlike(pathSteps(one.request.url), path)),
    request,
  )
  const alike = equal ?? same.find((one) => sharedSteps(pathSteps(one.request.url), path) > 0)
  if (alike === undefined) return null
  const { url, headers, body } = alike.request
  return {
    ...request,
    endpoint: url,
    query: [],
    headers: { ...(headers ?? request.headers) },
    // A body of which only a hash was kept cannot be told from others.
    body: body !== null && (body === 'any' || !('text' in body)) ? request.body : body,
  }
}

/** Of the recordings of one path, the first with most query parameters as they are asked for. */
function nearestQuery<R extends { readonly request: { readonly url: string } }>(
  candidates: readonly R[],
  { query }: ProviderRequest,
): R | undefined {
  const wanted = new Set(query.map(([name, value]) => `${name}=${value}`))
  const score = ({ request }: R): number => {
    const recorded = new URLSearchParams(/\?([^#]*)/.exec(request.url)?.[1] ?? '')
    return [...recorded].filter(([name, value]) => wanted.has(`${name}=${value}`)).length
  }
  const best = Math.max(0, ...candidates.map(score))
  return candidates.find((one) => score(one) === best)
}

export function pathSteps(url: string): string[] {
  return url
    .replace(/^https?:\/\/[^/?#]*/, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter(Boolean)
}

function endsAlike(long: readonly string[], short: readonly string[]): boolean {
  return short.length > 0 && short.every((step, at) => step === long.at(at - short.length))
}

function sharedSteps(one: readonly string[], other: readonly string[]): number {
  return one.filter((step) => other.includes(step)).length
}
