import type { FunctionDefinition, JsonSchema } from '@plumb/protocol'
import { narrowingsOf } from './compare-schemas.js'
import type { SchemaSide } from './compare-schemas.js'
import type { DescribedEntry } from './deployment-order.js'

export type ChangeDetail = { readonly text: string; readonly destructive: boolean }

/** What a deployment does to one function. */
export type FunctionChange = {
  readonly integrationKey: string
  readonly kind: DescribedEntry['kind']
  readonly name: string
  readonly change: 'added' | 'changed' | 'removed'
  /** Products that rely on the function may break. */
  readonly destructive: boolean
  readonly details: readonly ChangeDetail[]
}

/** What differs between two sets of functions, by integration, kind and name. */
export function compareFunctions(
  before: readonly DescribedEntry[],
  after: readonly DescribedEntry[],
): readonly FunctionChange[] {
  const old = new Map(before.map((one) => [keyOf(one), one]))
  const now = new Map(after.map((one) => [keyOf(one), one]))
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort()
  return keys.flatMap((key) => {
    const change = changeOf(old.get(key), now.get(key))
    return change === null ? [] : [change]
  })
}

function keyOf({ integrationKey, kind, name }: DescribedEntry): string {
  return JSON.stringify([integrationKey, kind, name])
}

function changeOf(
  before: DescribedEntry | undefined,
  after: DescribedEntry | undefined,
): FunctionChange | null {
  if (after === undefined) return before === undefined ? null : told(before, 'removed', [])
  if (before === undefined) return told(after, 'added', permissionsAdded(null, after))
  const details = [
    ...(before.bundleHash === after.bundleHash ? [] : definitionChanges(before, after)),
    ...permissionsAdded(before, after),
  ]
  if (
    before.bundleHash === after.bundleHash &&
    details.length === 0 &&
    sameAllowance(before, after)
  )
    return null
  return told(after, 'changed', details)
}

function told(
  { integrationKey, kind, name }: DescribedEntry,
  change: FunctionChange['change'],
  details: readonly ChangeDetail[],
): FunctionChange {
  const destructive = change === 'removed' || details.some((detail) => detail.destructive)
  return { integrationKey, kind, name, change, destructive, details }
}

function definitionChanges(
  { definition: old }: DescribedEntry,
  { definition: now }: DescribedEntry,
): ChangeDetail[] {
  return [
    ...schemaChanges('input', [old.inputSchema, now.inputSchema], 'taken'),
    ...schemaChanges('output', [old.outputSchema, now.outputSchema], 'given'),
    ...schemaChanges('metadata', [old.metadataSchema, now.metadataSchema], 'taken'),
    ...modelChanges(old, now),
    ...scopeChanges(old, now),
    ...valueChanges(old, now),
  ]
}

function schemaChanges(
  what: string,
  [before, after]: readonly [JsonSchema | null, JsonSchema | null],
  side: SchemaSide,
): ChangeDetail[] {
  if (before === null && after === null) return []
  if (before === null || after === null) {
    // What nobody sent before must not be asked for, and what was read before must not be missing.
    const destructive = (before === null) === (side === 'taken')
    return [{ text: `${what}: ${before === null ? 'is new' : 'is gone'}`, destructive }]
  }
  return narrowingsOf(before, after, side).map((finding) => ({
    text: `${what}: ${finding}`,
    destructive: true,
  }))
}

function modelChanges(old: FunctionDefinition, now: FunctionDefinition): ChangeDetail[] {
  const gone = Object.keys(old.models).filter((name) => !Object.hasOwn(now.models, name))
  const added = Object.keys(now.models).filter((name) => !Object.hasOwn(old.models, name))
  return [
    ...gone.map((name) => ({ text: `model ${quoted(name)} is gone`, destructive: true })),
    ...added.map((name) => ({ text: `model ${quoted(name)} is new`, destructive: false })),
    ...Object.entries(now.models).flatMap(([name, schema]) => {
      const before = Object.hasOwn(old.models, name) ? old.models[name] : undefined
      if (before === undefined) return []
      return schemaChanges(`model ${quoted(name)}`, [before, schema], 'given')
    }),
  ]
}

function scopeChanges(old: FunctionDefinition, now: FunctionDefinition): ChangeDetail[] {
  const added = now.scopes.filter((scope) => !old.scopes.includes(scope))
  const gone = old.scopes.filter((scope) => !now.scopes.includes(scope))
  return [
    ...added.map((scope) => ({
      text: `scope ${quoted(scope)} is needed now: accounts without it have to be connected again`,
      destructive: false,
    })),
    ...gone.map((scope) => ({
      text: `scope ${quoted(scope)} is not needed any more`,
      destructive: false,
    })),
  ]
}

const comparedMembers = {
  frequency: 'frequency',
  autoStart: 'starts by itself',
  syncType: 'type of sync',
  trackDeletes: 'tracks deletes',
  event: 'event',
  version: 'version',
} as const satisfies Partial<Record<keyof FunctionDefinition, string>>

function valueChanges(old: FunctionDefinition, now: FunctionDefinition): ChangeDetail[] {
  return Object.entries(comparedMembers).flatMap(([member, label]) => {
    const [before, after] = [old, now].map((one) => one[member as keyof typeof comparedMembers])
    if (before === after) return []
    return [{ text: `${label}: ${shown(before)} -> ${shown(after)}`, destructive: false }]
  })
}

const permissions = {
  credentials: 'may read credentials now',
  uncontrolledFetch: 'may call any address past the gateway now',
} as const

function permissionsAdded(before: DescribedEntry | null, after: DescribedEntry): ChangeDetail[] {
  return (['credentials', 'uncontrolledFetch'] as const)
    .filter((name) => after.allow[name] && before?.allow[name] !== true)
    .map((name) => ({ text: permissions[name], destructive: false }))
}

function sameAllowance({ allow: a }: DescribedEntry, { allow: b }: DescribedEntry): boolean {
  return a.credentials === b.credentials && a.uncontrolledFetch === b.uncontrolledFetch
}

function quoted(name: string): string {
  return JSON.stringify(name)
}

function shown(value: string | boolean | null | undefined): string {
  return value === null || value === undefined ? 'none' : String(value)
}
