import type { Fixture, FixtureEntry, FunctionDefinition, Json } from '@plumb/protocol'
import { emptyPersonalData, findPersonalData } from './personal-data.js'
import type { PersonalData } from './personal-data.js'
import type { Field } from './personal-keys.js'
import { createPseudonymSource } from './pseudonym-source.js'
import { ValueRewriter } from './value-rewriter.js'

export type PseudonymiseOptions = {
  /** The project's secret: one value has one pseudonym as long as it stays. */
  readonly salt: string
  /** Its enumerations stay as they are. */
  readonly definition?: Pick<FunctionDefinition, 'inputSchema' | 'outputSchema' | 'models'>
  /** Text that stands in the function's own source. */
  readonly written?: readonly string[]
  /** Hosts of the API; their domains are nobody's. */
  readonly hosts?: readonly string[]
  /** Entries that stay as they are: `word ada`, `domain lovelace.org`. */
  readonly except?: ReadonlySet<string>
}

export type Pseudonymised = {
  readonly fixture: Fixture
  readonly data: PersonalData
}

/** The same recording about nobody: personal data is replaced by what looks like it, everywhere alike. */
export function pseudonymise(fixture: Fixture, options: PseudonymiseOptions): Pseudonymised {
  const data = without(gather(fixture), options.except ?? new Set())
  const { hosts = [] } = options
  const fixed = new Set([...enumerated(options.definition ?? null), ...(options.written ?? [])])
  const rewriter = new ValueRewriter({
    source: createPseudonymSource(options.salt),
    data,
    keepsDomain: (domain) =>
      hosts.some((host) => isBelow(host, domain) || isBelow(domain, host)) ||
      (options.except?.has(`domain ${domain.toLowerCase()}`) ?? false),
    isFixed: (text) => fixed.has(text),
  })
  return { fixture: rewritten(fixture, rewriter), data }
}

function isBelow(inner: string, outer: string): boolean {
  return inner === outer || inner.endsWith(`.${outer}`)
}

function top(key: string): Field {
  return { key, parent: '', siblings: [] }
}

type Place = { readonly value: Json; readonly field: Field }

function gather(fixture: Fixture): PersonalData {
  const data = emptyPersonalData()
  for (const { value, field } of placesOf(fixture)) findPersonalData(value, field, data)
  return data
}

/** Every value of a fixture that may hold something about a person. */
function placesOf({ input, output, nango = {}, api = {} }: Fixture): Place[] {
  const { batchSave, batchUpdate, batchDelete, ...others } = nango
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => name !== 'recorded'))
  const records = [batchSave, batchUpdate, batchDelete].flatMap((models) =>
    Object.entries(models ?? {}).map(([model, values]) => ({
      value: values as Json,
      field: top(model),
    })),
  )
  const exchanges = Object.values(api).flatMap((endpoints) =>
    Object.entries(endpoints).flatMap(([endpoint, entries]) => [
      { value: endpoint, field: top('url') },
      ...listOf(entries).flatMap((entry) => entryPlaces(endpoint, entry)),
    ]),
  )
  return [
    ...exchanges,
    ...records,
    { value: (input ?? null) as Json, field: top('input') },
    { value: (output ?? null) as Json, field: top('output') },
    { value: rest as Json, field: top('nango') },
  ]
}

function entryPlaces(endpoint: string, entry: FixtureEntry): Place[] {
  const around = top(resourceOf(endpoint))
  return [
    { value: entry.response as Json, field: around },
    { value: entry.headers, field: top('headers') },
    { value: (entry.request?.params ?? {}) as Json, field: top('params') },
    { value: entry.request?.headers ?? {}, field: top('headers') },
    { value: (entry.request?.data ?? null) as Json, field: around },
  ]
}

/** What an endpoint is about: the last word of its path that is no identifier. */
function resourceOf(endpoint: string): string {
  const steps = endpoint.replace(/\.json$/, '').split('/')
  return steps.findLast((step) => /^[a-z][a-z_-]*$/i.test(step)) ?? ''
}

function listOf(entries: FixtureEntry | FixtureEntry[]): FixtureEntry[] {
  return Array.isArray(entries) ? entries : [entries]
}

function rewritten(fixture: Fixture, rewriter: ValueRewriter): Fixture {
  const { input, output, nango = {}, api } = fixture
  const { recorded, batchSave, batchUpdate, batchDelete, ...rest } = nango
  const models = (name: string, changes: Record<string, unknown[]> | undefined) =>
    changes && {
      [name]: Object.fromEntries(
        Object.entries(changes).map(([model, values]) => [
          model,
          rewriter.value(values as Json, top(model)) as unknown[],
        ]),
      ),
    }
  return {
    ...(input !== undefined && { input: rewriter.value(input as Json, top('input')) }),
    ...(output !== undefined && { output: rewriter.value(output as Json, top('output')) }),
    nango: {
      ...(recorded !== undefined && { recorded }),
      ...(rewriter.value(rest as Json, top('nango')) as object),
      ...models('batchSave', batchSave),
      ...models('batchUpdate', batchUpdate),
      ...models('batchDelete', batchDelete),
    },
    ...(api && { api: rewrittenApi(api, rewriter) }),
  }
}

type Api = NonNullable<Fixture['api']>

function rewrittenApi(api: Api, rewriter: ValueRewriter): Api {
  const made: Record<string, Record<string, FixtureEntry[]>> = {}
  for (const [method, endpoints] of Object.entries(api)) {
    const byEndpoint = (made[method] ??= {})
    for (const [endpoint, entries] of Object.entries(endpoints)) {
      const list = (byEndpoint[rewriter.text.address(endpoint)] ??= [])
      list.push(...listOf(entries).map((entry) => rewrittenEntry(endpoint, entry, rewriter)))
    }
  }
  return made
}

function rewrittenEntry(
  endpoint: string,
  entry: FixtureEntry,
  rewriter: ValueRewriter,
): FixtureEntry {
  const around = top(resourceOf(endpoint))
  const { params, headers, data } = entry.request ?? {}
  return {
    ...entry,
    ...(entry.response !== undefined && {
      response: rewriter.value(entry.response as Json, around),
    }),
    headers: rewriter.value(entry.headers, top('headers')) as Record<string, string>,
    ...(entry.request && {
      request: {
        ...(params && { params: rewriter.value(params as Json, top('params')) as typeof params }),
        ...(headers && { headers: rewriter.value(headers, top('headers')) as typeof headers }),
        ...(data !== undefined && { data: rewriter.value(data as Json, around) }),
      },
    }),
  }
}

function without(data: PersonalData, except: ReadonlySet<string>): PersonalData {
  for (const entry of except) {
    const [kind = '', text = ''] = entry.split(/ (.*)/s)
    if (kind === 'word') data.words.delete(text)
    if (kind === 'domain') data.domains.delete(text)
    if (kind === 'literal') data.literals.delete(text)
  }
  return data
}

/** Values that schemas list: `enum` and `const`. */
function enumerated(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === 'enum' || keyword === 'const')
      return [value].flat().filter((each): each is string => typeof each === 'string')
    return enumerated(value)
  })
}
