import { environment } from '../../config.js'

type Watched = { readonly name: string; readonly object: object; readonly quiet?: boolean }
type Kept = Watched & {
  /** Fixed order; the position of a key is that of its value. */
  readonly keys: readonly PropertyKey[]
  /** Values of what are plain values; the descriptor of what is read through a getter. */
  readonly values: unknown[]
  readonly descriptors: Map<PropertyKey, PropertyDescriptor>
}

const readThroughGetter = Symbol('getter')

/**
 * Remembers the globals, the intrinsic objects, the environment and the listeners of this process, so that a
 * test file that changes them does not reach the next one.
 */
export class RealmGuard {
  readonly #kept: Kept[]
  readonly #environment: Map<string, string | undefined>
  readonly #directory = process.cwd()
  readonly #processEvents = ['unhandledRejection', 'uncaughtException', 'exit', 'warning'] as const

  /** `more` are further objects to be watched, silently. */
  constructor(more: Readonly<Record<string, object>> = {}) {
    const quiet = Object.entries(more).map(([name, object]) => ({ name, object, quiet: true }))
    this.#kept = [...intrinsics(), ...quiet].map(keep)
    this.#environment = new Map(Object.entries(environment()))
  }

  /** Puts everything back, and says what had been changed. */
  restore(): string[] {
    const changes = this.#kept.flatMap((kept) => restoreObject(kept))
    return [...changes, ...this.#restoreEnvironment(), ...this.#restoreDirectory()]
  }

  #restoreEnvironment(): string[] {
    const changed: string[] = []
    const env = environment()
    for (const name of Object.keys(env)) {
      if (env[name] === this.#environment.get(name)) continue
      changed.push(`process.env.${name}`)
    }
    for (const name of this.#environment.keys())
      if (!(name in env)) changed.push(`process.env.${name}`)
    for (const path of changed) {
      const name = path.slice('process.env.'.length)
      const before = this.#environment.get(name)
      if (before === undefined) Reflect.deleteProperty(env, name)
      else env[name] = before
    }
    return changed
  }

  #restoreDirectory(): string[] {
    if (process.cwd() === this.#directory) return []
    process.chdir(this.#directory)
    return ['the working directory']
  }

  /** Listeners on the process that were not there when `before` was taken are removed. */
  listeners(): () => void {
    const before = new Map(this.#processEvents.map((event) => [event, process.rawListeners(event)]))
    return () => {
      for (const [event, known] of before) {
        const added = process.rawListeners(event).filter((one) => !known.includes(one))
        for (const listener of added) process.off(event, listener as () => void)
      }
    }
  }
}

function intrinsics(): Watched[] {
  const watched: Watched[] = [{ name: 'globalThis', object: globalThis }]
  // What Node loads only when it is first used (fetch and its classes) is not touched here.
  const classes = [
    ...[Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Date, RegExp, Promise],
    ...[Error, TypeError, RangeError, Map, Set, WeakMap, WeakSet, ArrayBuffer, Uint8Array],
    ...[URL, URLSearchParams, Buffer],
  ]
  for (const one of classes) {
    watched.push({ name: one.name, object: one })
    watched.push({ name: `${one.name}.prototype`, object: one.prototype as object })
  }
  const objects = { JSON, Math, Reflect, console, process }
  for (const [name, object] of Object.entries(objects)) watched.push({ name, object })
  return watched
}

function keep(watched: Watched): Kept {
  const keys = Reflect.ownKeys(watched.object)
  const descriptors = new Map<PropertyKey, PropertyDescriptor>()
  for (const key of keys) {
    const found = Object.getOwnPropertyDescriptor(watched.object, key)
    if (found) descriptors.set(key, found)
  }
  const values = keys.map((key) => valueOf(descriptors.get(key)))
  return { ...watched, keys, values, descriptors }
}

function valueOf(descriptor: PropertyDescriptor | undefined): unknown {
  return descriptor && 'value' in descriptor ? descriptor.value : readThroughGetter
}

function restoreObject(kept: Kept): string[] {
  const changed = [...restoreKnown(kept), ...removeAdded(kept)]
  return kept.quiet ? [] : changed.map((key) => nameOf(kept.name, key))
}

function restoreKnown({ object, keys, values, descriptors }: Kept): PropertyKey[] {
  const changed: PropertyKey[] = []
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as PropertyKey
    const before = values[at]
    if (before !== readThroughGetter) {
      if (Object.is((object as Record<PropertyKey, unknown>)[key], before)) continue
    } else if (!isReplaced({ object, key, descriptors, values, at })) continue
    const descriptor = descriptors.get(key)
    if (descriptor && Reflect.defineProperty(object, key, descriptor)) changed.push(key)
  }
  return changed
}

type Getter = Pick<Kept, 'object' | 'descriptors' | 'values'> & {
  readonly key: PropertyKey
  readonly at: number
}

/** Whether a getter was replaced, but for Node's own lazy globals, which become their value when first read. */
function isReplaced({ object, key, descriptors, values, at }: Getter): boolean {
  const before = descriptors.get(key)
  const now = Object.getOwnPropertyDescriptor(object, key)
  if (now?.get && now.get === before?.get && now.set === before.set) return false
  if (now && 'value' in now && object === globalThis && nodeDefines(key)) {
    descriptors.set(key, now)
    values[at] = now.value
    return false
  }
  return true
}

/** Globals that Node defines as getters. A stub of one of them is put back by `vi` itself. */
function nodeDefines(key: PropertyKey): boolean {
  return typeof key === 'string' && /^(fetch|crypto|navigator|[A-Z]\w+)$/.test(key)
}

function removeAdded({ object, keys, descriptors }: Kept): PropertyKey[] {
  const now = Reflect.ownKeys(object)
  if (now.length === keys.length) return []
  return now.filter((key) => !descriptors.has(key) && Reflect.deleteProperty(object, key))
}

function nameOf(object: string, key: PropertyKey): string {
  return object === 'globalThis' ? String(key) : `${object}.${String(key)}`
}
