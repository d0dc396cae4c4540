import { readFileSync } from 'node:fs'
import type {
  CompatAnswer,
  CompatFixture,
  CompatRecording,
  ContextMember,
} from './compat-fixture.js'
import {
  byName,
  dataText,
  identityHash,
  membersOf,
  paramsOf,
  unifiedIdentity,
} from './compat-identity.js'
import type { CompatIdentity, CompatRequest } from './compat-identity.js'
import { callMissing, fixtureMissing } from './fixture-errors.js'

type RecordedRequest = {
  readonly params?: unknown
  readonly headers?: unknown
  readonly data?: unknown
}

type Entry = {
  readonly response?: unknown
  readonly status?: unknown
  readonly headers?: unknown
  readonly hash?: string
  readonly request?: RecordedRequest | null
}

type UnifiedContent = {
  readonly input?: unknown
  readonly output?: unknown
  readonly nango?: Readonly<Record<string, unknown>>
  readonly api?: Readonly<Record<string, Readonly<Record<string, Entry | readonly Entry[]>>>>
}

/** `tests/<name>.test.json`, matched by the rules of compat mode: the first match wins, each time. */
export class UnifiedFixture implements CompatFixture {
  readonly format = 'unified'
  readonly #file: string
  #content: UnifiedContent | undefined

  constructor(file: string) {
    this.#file = file
  }

  answer(request: CompatRequest, method: string): CompatAnswer {
    const identity = unifiedIdentity(request, method)
    const found = findEntry(this.#entries(identity), identity)
    if (found === undefined) throw callMissing(identity, this.#file, this.#known(identity))
    return answerOf(found)
  }

  recordings(request: CompatRequest, method: string): readonly CompatRecording[] {
    return this.#entries(unifiedIdentity(request, method)).map((entry) => ({
      params: paramsOf(entry.request?.params),
      data: entry.request?.data,
      answer: answerOf(entry),
    }))
  }

  isAnonymous(): boolean {
    return false
  }

  input(): unknown {
    return this.#read().input
  }

  output(): unknown {
    return this.#required('output', this.#read().output)
  }

  batch(kind: 'batchSave' | 'batchDelete', model: string | undefined): unknown {
    const models = this.#read().nango?.[kind] as Readonly<Record<string, unknown>> | undefined
    return models?.[String(model)]
  }

  member(name: ContextMember): unknown {
    const value = this.#read().nango?.[name]
    const required = name === 'getConnection' || name === 'getMetadata'
    return required ? this.#required(name, value) : value
  }

  #required(what: string, value: unknown): unknown {
    if (value === undefined) throw fixtureMissing(what, this.#file)
    return value
  }

  #entries({ method, endpoint }: CompatIdentity): readonly Entry[] {
    const endpoints = this.#read().api?.[method]
    const found = endpoints?.[endpoint] ?? endpoints?.[`/${endpoint}`]
    if (found === undefined || found === null) return []
    return Array.isArray(found) ? (found as readonly Entry[]) : [found as Entry]
  }

  #known(identity: CompatIdentity): string[] {
    const same = this.#entries(identity).map(({ request }) => JSON.stringify(request ?? {}))
    if (same.length > 0) return same
    return Object.keys(this.#read().api?.[identity.method] ?? {})
  }

  #read(): UnifiedContent {
    this.#content ??= JSON.parse(readFileSync(this.#file, 'utf8')) as UnifiedContent
    return this.#content
  }
}

function answerOf({ response, headers, status }: Entry): CompatAnswer {
  return { data: response, headers, status }
}

/** The only entry of an endpoint needs no recorded request; of several, those with one are looked through in order. */
function findEntry(entries: readonly Entry[], identity: CompatIdentity): Entry | undefined {
  const hash = identityHash(identity)
  return entries.find((entry) => {
    if (entry.hash === hash) return true
    const recorded = entry.request ?? undefined
    return (recorded !== undefined || entries.length === 1) && matches(recorded, identity)
  })
}

function matches(recorded: RecordedRequest | undefined, identity: CompatIdentity): boolean {
  const { params, headers, data } = recorded ?? {}
  if (!samePairs(paramsOf(params), identity.params)) return false
  if (recorded !== undefined && !samePairs(lowerCased(headers), lowerCasedPairs(identity.headers)))
    return false
  return data === undefined || dataText(data) === identity.data
}

function samePairs(
  recorded: readonly (readonly [string, unknown])[],
  asked: readonly (readonly [string, unknown])[],
): boolean {
  return JSON.stringify(byName(recorded)) === JSON.stringify(byName(asked))
}

function lowerCased(headers: unknown): [string, string][] {
  return lowerCasedPairs(membersOf(headers))
}

function lowerCasedPairs(pairs: readonly (readonly [string, unknown])[]): [string, string][] {
  return pairs.map(([name, value]) => [name.toLowerCase(), String(value)])
}
