import { compileFunction } from 'node:vm'
import * as sdk from '@plumb/sdk'
import { PlumbError } from '@plumb/protocol'
import * as zod from 'zod'
import type { Randomness } from '@plumb/sdk/replay'

type Require = (name: string) => unknown

/** Functions find another object under this name. */
const machine = process

/** What a function may require, and nothing else; random members follow the function's randomness. */
export function createFunctionRequire(randomness: Randomness): Require {
  const crypto = Object.freeze({ ...builtin('crypto'), ...randomMembers(randomness) })
  const builtins = { crypto, url: builtin('url'), buffer: builtin('buffer') }
  const [ownSdk, ownZod] = [inherited(sdk), inherited(zod)]
  const modules = new Map<string, unknown>([
    ['@plumb/sdk', ownSdk],
    ['nango', ownSdk],
    ['zod', ownZod],
    ['zod/v4', ownZod],
  ])
  for (const [name, module] of Object.entries(builtins)) {
    modules.set(name, module)
    modules.set(`node:${name}`, module)
  }
  return (name) => {
    const module = modules.get(name)
    if (module !== undefined) return module
    throw new PlumbError({
      code: 'function-invalid',
      message: `The function requires "${name}", which is not allowed.`,
      remedy: 'Import only the SDK, zod, relative files, node:crypto, node:url and node:buffer.',
    })
  }
}

/** A copy: what a function changes in it must not change Node's own. */
function builtin(name: 'buffer' | 'crypto' | 'url'): object {
  return { ...machine.getBuiltinModule(`node:${name}`) }
}

/**
 * A module whose members are its prototype's. What imports all of a CommonJS module copies its own members one by one,
 * for each run anew, and the hundreds of zod's take longer than a small function.
 */
function inherited(module: object): object {
  return Object.freeze(Object.create(module) as object)
}

function randomMembers(randomness: Randomness): object {
  const randomBytes = (size: number, done?: (error: null, bytes: Buffer) => void): unknown => {
    const bytes = randomness.bytes(size)
    if (done === undefined) return bytes
    queueMicrotask(() => done(null, bytes))
    return undefined
  }
  const randomInt = (from: number, to?: number): number => {
    const [low, high] = to === undefined ? [0, from] : [from, to]
    return low + Math.floor(randomness.fraction() * (high - low))
  }
  const randomFillSync = (target: Uint8Array): Uint8Array => {
    target.set(randomness.bytes(target.length))
    return target
  }
  return {
    randomBytes,
    randomInt,
    randomFillSync,
    randomUUID: () => randomness.uuid(),
    getRandomValues: randomFillSync,
    webcrypto: globalThis.crypto,
  }
}

/** Evaluates a CommonJS text and returns its exports. Throws what the text throws; dynamic import is refused. */
export function evaluateFunction(code: string, fileName: string, require: Require): unknown {
  return loadModule(code, fileName)(require)
}

/** Evaluates a text that is parsed already: new exports each time. Throws what the text throws. */
export type LoadedModule = (require: Require) => unknown

/** Parses a CommonJS text, once for every time it is evaluated. Throws SyntaxError. */
export function loadModule(code: string, fileName: string): LoadedModule {
  const run = compileFunction(code, ['require', 'module', 'exports'], { filename: fileName }) as (
    require: Require,
    module: { exports: unknown },
    exports: unknown,
  ) => void
  return (require) => {
    const module = { exports: {} }
    run(require, module, module.exports)
    return module.exports
  }
}
