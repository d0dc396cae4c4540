import { action } from './case-sources.js'
import type { RuleCases } from './case-sources.js'

export const builtinCases: RuleCases = {
  'no-builtin-value': {
    hits: [
      action('const m = Math; m.max = f'),
      action('put(Math, { max: f })'),
      action('for (const x of [JSON, Date]) x.now = f'),
      action('const { Array: list } = { Array }'),
      action("Object['key' + name] = f"),
      action('const name = f(); return Math[name]'),
    ],
    passes: [
      action('return Math.max(1, 2)'),
      action('const { max, min } = Math; return max(1, min(2, 3))'),
      action('return items.map(String).filter(Boolean).map(Number)'),
      action('if (e instanceof Error) throw e'),
      action('const m = new Map<string, Date>(); return Object.entries(a)'),
      action("return Math['max'](1, 2)"),
      action('class Missing extends Error {}'),
      action('const at = z.instanceof(Date)'),
      action('return { Date: 1, Map: a.Map }'),
      action('const Math = input.Math; return f(Math)'),
      action("return typeof URL === 'function' ? Error('x') : null"),
    ],
  },
  'no-builtin-changer': {
    hits: [
      action('const put = Object.assign; put(a, b)'),
      action("Reflect.set(a, 'b', 1)"),
      action("const base = Reflect.get([], '__proto__')"),
      action('const { assign } = Object'),
      action('const { ...all } = Object'),
      action('[1].forEach.call(b, Object.defineProperty)'),
      action("Object['define' + 'Property'](a, 'b', {})['x']; Object.setPrototypeOf(a, b)"),
    ],
    passes: [
      action('return Object.assign({}, a, { b: 1 })'),
      action('const { keys, entries } = Object; return keys(a)'),
      action('return Object.freeze({ a: 1 })'),
      action('return Reflect.ownKeys(a)'),
      action('return a.Object.assign'),
    ],
  },
}
