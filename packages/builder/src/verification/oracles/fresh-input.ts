import type { JsonObject, JsonSchema } from '@plumb/protocol'
import { makeAgain } from './fresh-resource.js'
import { freshText } from './fresh-text.js'
import { leavesOf, mapLeaves, removed } from './leaves.js'
import type { Leaf, LeafPath, LeafValue } from './leaves.js'
import type { LiveAccount } from './live-account.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import { addressTexts, originOf } from './value-origins.js'
import type { Origin } from './value-origins.js'
import { parsed } from './account-call.js'

/** An input that the function has not seen yet. */
export type FreshInput = {
  readonly input: unknown
  /** What the recorded input holds, with what stands for it now. */
  readonly fresh: ReadonlyMap<string, string>
  /** Values that name something which the verifier itself has made. */
  readonly made: ReadonlySet<string>
}

export type FreshOrder = {
  readonly input: OracleInput
  readonly live: LiveAccount
  /** Whether the recorded run changed the account. */
  readonly writes: boolean
  /** `wide` also takes other members of enumerations, other things of the same kind, and adds or leaves out what is optional. */
  readonly width: 'wide' | 'narrow'
}

/** Gives every value of a recorded input another one that the account should take as well. */
export async function freshInput(order: FreshOrder): Promise<FreshInput> {
  const { recorded } = order.input
  const chosen = await chooseValues(order)
  const values = new Map(chosen.map(({ leaf, value }) => [keyOf(leaf.path), value]))
  const replaced = mapLeaves(recorded.input, ({ path, value }) => values.get(keyOf(path)) ?? value)
  const input = order.width === 'wide' ? varyOptional(replaced, chosen, order) : replaced
  return {
    input,
    fresh: new Map(chosen.map(({ leaf, value }) => [String(leaf.value), String(value)])),
    made: new Set(chosen.flatMap(({ made, value }) => (made ? [String(value)] : []))),
  }
}

type Chosen = { readonly leaf: Leaf; readonly value: LeafValue; readonly made: boolean }

async function chooseValues(order: FreshOrder): Promise<Chosen[]> {
  const { input, live } = order
  const addresses = new Set(
    input.recorded.recordings.flatMap(({ request }) => addressTexts(request.url)),
  )
  const chosen: Chosen[] = []
  const origins: { leaf: Leaf; origin: Origin }[] = []
  for (const leaf of leavesOf(input.recorded.input)) {
    const origin = originOf(leaf, live.history)
    if (origin) origins.push({ leaf, origin })
    else if (!addresses.has(String(leaf.value))) chosen.push(...otherValue(leaf, order))
  }
  return [...chosen, ...(await otherThings(origins, order))]
}

function otherValue(leaf: Leaf, { input, live, width }: FreshOrder): Chosen[] {
  if (typeof leaf.value !== 'string') return []
  const schema = schemaAt(input.compiled.definition.inputSchema, leaf.path)
  const member = width === 'wide' ? otherMember(leaf.value, schema) : null
  const { namespace } = live
  const prefix = width === 'wide' ? namespace : `${namespace}-2`
  const value = member ?? freshText(leaf.value, { path: leaf.path, namespace: prefix, schema })
  return value === null || value === leaf.value ? [] : [{ leaf, value, made: false }]
}

function otherMember(value: string, schema: JsonSchema): string | null {
  const options: unknown = schema['enum']
  if (!Array.isArray(options)) return null
  const at = options.indexOf(value)
  const other: unknown = options[(at + 1) % options.length]
  return typeof other === 'string' ? other : null
}

/** Values that name something in the account: something else of the kind is made, or found, and named instead. */
async function otherThings(
  origins: readonly { readonly leaf: Leaf; readonly origin: Origin }[],
  order: FreshOrder,
): Promise<Chosen[]> {
  const chosen: Chosen[] = []
  for (const receipt of new Set(origins.map(({ origin }) => origin.receipt))) {
    const named = origins.filter(({ origin }) => origin.receipt === receipt)
    const answer = receipt.write ? await makeAgain(receipt, order) : null
    if (answer !== null) chosen.push(...valuesIn(answer, named, true))
    // What others have made is looked at, never changed.
    else if (!order.writes && order.width === 'wide') chosen.push(...neighbours(named))
  }
  return chosen
}

type Named = { readonly leaf: Leaf; readonly origin: Origin }

function valuesIn(answer: unknown, named: readonly Named[], made: boolean): Chosen[] {
  return named.flatMap(({ leaf, origin }) => {
    const value = sameType(leafAt(answer, origin.path), leaf.value)
    return value === null ? [] : [{ leaf, value, made }]
  })
}

/** Ids are texts in one place and numbers in another. */
function sameType(value: LeafValue | undefined, like: LeafValue): LeafValue | null {
  if (value === undefined || value === null) return null
  if (typeof like === 'string') return String(value)
  return typeof like === typeof value ? value : Number(value)
}

/** The next thing of the list in which the named one stands. */
function neighbours(named: readonly Named[]): Chosen[] {
  const [first] = named
  if (first === undefined) return []
  const answer = parsed(first.origin.receipt.response?.body.text ?? '')
  const depth = first.origin.path.findIndex((step) => typeof step === 'number')
  const at = first.origin.path[depth]
  if (typeof at !== 'number') return []
  for (const other of [at + 1, at - 1]) {
    const moved = named.map(({ leaf, origin }) => {
      const path = origin.path.map((step, index) => (index === depth ? other : step))
      return { leaf, origin: { ...origin, path } }
    })
    const chosen = valuesIn(answer, moved, false)
    if (chosen.length === named.length) return chosen
  }
  return []
}

/** Adds the optional texts that the recorded input lacks, or else leaves one out that it has. */
function varyOptional(value: unknown, chosen: readonly Chosen[], order: FreshOrder): unknown {
  const schema = order.input.compiled.definition.inputSchema
  if (schema === null || typeof value !== 'object' || value === null || Array.isArray(value))
    return value
  const required = new Set(listIn(schema['required']))
  const properties = Object.keys((schema['properties'] ?? {}) as JsonObject)
  const optional = properties.filter((name) => !required.has(name))
  const lacking = optional.filter((name) => !(name in value))
  const added = addedTexts(lacking, schema, order.live.namespace)
  return added.length > 0
    ? { ...value, ...Object.fromEntries(added) }
    : leaveOut(value, chosen, optional)
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function addedTexts(
  names: readonly string[],
  schema: JsonSchema,
  namespace: string,
): (readonly [string, string])[] {
  return names.flatMap((name) => {
    const own = schemaAt(schema, [name])
    if (own['type'] !== 'string') return []
    const text = freshText('text', { path: [name], namespace, schema: own })
    return text === null ? [] : [[name, text] as const]
  })
}

/** The last text that is optional, where another one is left that the account does not know yet. */
function leaveOut(value: object, chosen: readonly Chosen[], optional: readonly string[]): unknown {
  const texts = chosen.filter(({ made }) => !made)
  const last = texts.at(-1)?.leaf.path
  if (texts.length < 2 || last?.length !== 1 || !optional.includes(String(last[0]))) return value
  return mapLeaves(value, (leaf) => (keyOf(leaf.path) === keyOf(last) ? removed : leaf.value))
}

function keyOf(path: LeafPath): string {
  return JSON.stringify(path)
}

function schemaAt(schema: JsonSchema | null, path: LeafPath): JsonSchema {
  let at: unknown = schema
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return {}
    at =
      typeof step === 'number'
        ? Reflect.get(at, 'items')
        : (Reflect.get(at, 'properties') as JsonObject | undefined)?.[step]
  }
  return typeof at === 'object' && at !== null ? (at as JsonSchema) : {}
}
