import { expect, test } from 'vitest'
import { outlivingName } from './outliving-state.js'

const kept: Readonly<Record<string, string>> = {
  'a counter': 'let n = 0; var f = make({ exec: async () => { n += 1 } })',
  'a member of an object': 'const s = { n: 0 }; var f = make({ exec: async () => { s.n++ } })',
  'another name for it':
    'const s = { list: [] }; var f = make({ exec: async () => { const { list } = s; list.push(1) } })',
  'a map that answers':
    'const seen = new Map(); async function get(id) { seen.set(id, 1) } var f = make({ exec: async () => get(1) })',
  'a closure that is called at once':
    'const next = (() => { let n = 0; return () => ++n })(); var f = make({ exec: async () => next() })',
  'a closure that a function makes':
    'function counter() { let n = 0; return () => (n += 1) } const next = counter(); var f = make({ exec: async () => next() })',
  'a static member':
    'class C { static n = 0; static hit() { this.n++ } } var f = make({ exec: async () => C.hit() })',
  'a static member by its name':
    'class C { static n = 0 } var f = make({ exec: async () => { C.n++ } })',
  'a thing of a class':
    'class C { n = 0; hit() { this.n++ } } const one = new C(); var f = make({ exec: async () => one.hit() })',
  'an object of the module':
    'const one = { n: 0, hit() { this.n += 1 } }; var f = make({ exec: async () => one.hit() })',
  'a global name': 'var f = make({ exec: async () => { globalThis.n = (globalThis.n ?? 0) + 1 } })',
  'a member of a function':
    'function run() { run.n = (run.n ?? 0) + 1 } var f = make({ exec: async () => run() })',
  'a generator': 'const turns = walk(); var f = make({ exec: async () => turns.next() })',
  'an answer that is kept':
    'let token; var f = make({ exec: async (ctx) => { token ??= await ctx.get({}) } })',
  'by way of Object.assign':
    'const s = {}; var f = make({ exec: async () => { Object.assign(s, { n: 1 }) } })',
}

test.for(Object.entries(kept))('outlives a run: %s', ([, code]) => {
  expect(outlivingName(code)).not.toBeNull()
})

const gone: Readonly<Record<string, string>> = {
  'a counter of the run':
    'var f = make({ exec: async () => { let n = 0; n += 1; const all = []; [1].forEach((x) => { all.push(x); n++ }) } })',
  'a counter of a function that a run calls':
    'function walk() { let n = 0; [1].forEach(() => { n++ }); return n } var f = make({ exec: async () => walk() })',
  'a table that the module fills':
    "const t = {}; ['a'].forEach((x) => { t[x] = 1 }); for (const y of [1]) t[y] = 2; var f = make({ exec: async () => t })",
  'a schema that is made when it is needed':
    'let s; const get = () => (s ??= make({})); var f = make({ exec: async () => get() })',
  'a thing that each run makes':
    'class C { n = 0; constructor() { this.n = 1 } hit() { this.n++ } } var f = make({ exec: async () => new C().hit() })',
  'what is handed in':
    'const add = (list, x) => { list.push(x) }; var f = make({ exec: async (ctx, input) => { input.x = 1; add([], 1) } })',
  'a name that is the same inside':
    'const rows = []; var f = make({ exec: async () => { const rows = []; rows.push(1) } })',
}

test.for(Object.entries(gone))('ends with the run: %s', ([, code]) => {
  expect(outlivingName(code)).toBeNull()
})
