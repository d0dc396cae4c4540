import type { Fixture, FixtureEntry } from '@plumb/protocol'

/** Tell when and by whom an answer was given, not what it is. */
const volatile =
  /^(date|age|server|via|set-cookie|expires|last-modified|cf-.*|x-(request|correlation|trace|amzn|amz|served|cache|runtime|envoy|github-request|ratelimit).*|.*request-?id|ratelimit.*|nel|report-to)$/

/**
 * The fixture without headers that change from one recording to the next. An `etag` stays when it was used, and what a
 * refused call said about waiting stays with it.
 */
export function withoutVolatileHeaders(fixture: Fixture): Fixture {
  const used = JSON.stringify([fixture.output, fixture.nango, requestsOf(fixture)])
  const api = Object.entries(fixture.api ?? {}).map(([method, endpoints]) => {
    const kept = Object.entries(endpoints).map(([endpoint, entries]) => [
      endpoint,
      listOf(entries).map((entry) => keep(entry, used)),
    ])
    return [method, Object.fromEntries(kept)] as const
  })
  return { ...fixture, api: Object.fromEntries(api) }
}

function keep(entry: FixtureEntry, used: string): FixtureEntry {
  const headers = Object.entries(entry.headers).filter(([name, value]) => {
    if (name === 'etag') return used.includes(JSON.stringify(value).slice(1, -1))
    return entry.status === 429 || !volatile.test(name)
  })
  return { ...entry, headers: Object.fromEntries(headers) }
}

function requestsOf({ api = {} }: Fixture): unknown[] {
  return Object.values(api).flatMap((endpoints) =>
    Object.values(endpoints).flatMap((entries) => listOf(entries).map(({ request }) => request)),
  )
}

function listOf(entries: FixtureEntry | FixtureEntry[]): FixtureEntry[] {
  return Array.isArray(entries) ? entries : [entries]
}
