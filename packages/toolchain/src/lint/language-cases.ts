import { action } from './case-sources.js'
import type { RuleCases } from './case-sources.js'

export const languageCases: RuleCases = {
  'no-any': {
    hits: [
      action('const x: any = 1'),
      action('return r as any'),
      action('const f = (a: Array<any>) => a'),
    ],
    passes: [action("const any = 'any'; return { id: any }"), action('const x: unknown = 1')],
  },
  'no-double-assertion': {
    hits: [
      action('return x as unknown as { id: string }'),
      action('return (x as unknown) as Y'),
      action('return x as never'),
    ],
    passes: [action("const kind = 'a' as const"), action('return x as { id: string }')],
  },
  'no-non-null': {
    hits: [action('return a!.b')],
    passes: [action('return !a.b'), action('if (a !== b) return c')],
  },
  'no-type-directives': {
    hits: [
      action('// @ts-ignore\nconst x: string = 1'),
      action('const x = 1 /* @ts-expect-error */'),
      `// @ts-nocheck\n${action('')}`,
      action('/* eslint-disable */'),
      action('if (a) { b()\n// eslint-disable-next-line\n}'),
      `/// <reference types="node" />\n${action('')}`,
    ],
    passes: [
      action("const x = '// @ts-ignore'"),
      action('const x = `/* @ts-nocheck */ ${y}`'),
      action('// ignore ts errors here'),
    ],
  },
  'no-ambient-declarations': {
    hits: [
      `declare module '@plumb/sdk' { export const z: string }\n${action('')}`,
      `declare const secret: string\n${action('')}`,
    ],
    passes: [`const declare = 1\n${action('')}`],
  },
  'no-swallowed-error': {
    hits: [
      action('try { await ctx.get({}) } catch { return { id: input.id } }'),
      action(
        'try { await ctx.get({}) } catch (e) { await ctx.log(String(e)) }\nreturn { id: "1" }',
      ),
      action('for (const a of b) { try { await ctx.get({}) } catch (e) { continue } }'),
      action('try { await ctx.get({}) } catch (e) { if (e) return { id: "" }; throw e }'),
      action('try { await ctx.get({}) } catch (e) { if (e) { throw e } }'),
      action('try { JSON.parse(x) } catch { y = null }'),
    ],
    passes: [
      action('try { await ctx.get({}) } catch (e) { throw new ctx.ActionError({ message: "x" }) }'),
      action('try { await ctx.get({}) } catch (e) { if (a) throw e; else throw f }'),
      action('try { await ctx.get({}) } catch (e) { const f = () => { return 1 }; throw f() }'),
    ],
  },
  'no-catch-handler': {
    hits: [
      action('await ctx.get({}).catch(() => null)'),
      action('await ctx.get({}).catch((e) => { if (e) throw e; return 1 })'),
      action('await ctx.get({}).then((r) => r, () => ({ data: [] }))'),
      action('await ctx.get({}).catch(ignore)'),
    ],
    passes: [
      action(
        'await ctx.get({}).catch((e) => { throw new ctx.ActionError({ message: String(e) }) })',
      ),
      action('await ctx.get({}).then((r) => r.data)'),
    ],
  },
  'no-all-settled': {
    hits: [action('await Promise.allSettled([a])')],
    passes: [action('await Promise.all([a])')],
  },
  'no-return-in-finally': {
    hits: [action('try { await ctx.get({}) } finally { return { id: "1" } }')],
    passes: [action('try { await ctx.get({}) } finally { await ctx.log("done") }')],
  },
  'no-other-imports': {
    hits: [
      `import fs from 'node:fs'\n${action('')}`,
      `import { x } from './fixture.js'\n${action('')}`,
      `export * from 'axios'\n${action('')}`,
      `import http = require('http')\n${action('')}`,
    ],
    passes: [
      `import { createHash } from 'node:crypto'\nimport type { A } from 'nango'\n${action('')}`,
    ],
  },
  'no-run-time-import': {
    hits: [action("await import('node:fs')"), action('return import.meta.url')],
    passes: [action("return { import: 'x' }")],
  },
  'no-global-process': {
    hits: [action('if (process.env.X) return'), action('const { env } = process')],
    passes: [
      action('const process = input.process; return process.id'),
      action('return { process: input.id }'),
      action('return input.process'),
    ],
  },
  'no-global-globalThis': {
    hits: [action('globalThis.x = 1'), action('return globalThis')],
    passes: [action('return { self: input.id, window: a.window }')],
  },
  'no-global-eval': {
    hits: [action("eval('1')"), action("new Function('return 1')()")],
    passes: [action('type F = Function'), action('return a.eval(1)')],
  },
  'no-global-fetch': {
    hits: [action("await fetch('http://x')"), action('return { fetch }')],
    passes: [
      action('const fetch = async () => ctx.get({}); return fetch()'),
      action('return client.fetch()'),
    ],
  },
  'no-global-require': {
    hits: [action("require('fs')"), action('module.exports = 1')],
    passes: [action('const module = input.module; return module')],
  },
  'no-global-Proxy': {
    hits: [action('return new Proxy({}, {})')],
    passes: [action('class Proxy {}; return new Proxy()')],
  },
  'no-global-write': {
    hits: [
      action('JSON.stringify = () => "1"'),
      action('Object.assign(Date, { now: () => 1 })'),
      action('Array.prototype.map = f'),
      action('delete Math.random'),
    ],
    passes: [
      action('const a = { b: 1 }; a.b = 2; Object.assign(a, { c: 1 }); delete a.b'),
      action('let total = 0; total += 1'),
      action('JSON.parse(x).y = 1'),
    ],
  },
  'no-prototype-access': {
    hits: [
      action('Object.prototype.x = 1'),
      action("a['__proto__'].b = 1"),
      action("a['const' + 'ructor']('x')"),
      action('const { constructor } = () => 1'),
      action('const { constructor: make } = a'),
      action("return (() => 1)['constructor']('x')"),
      action('Object.setPrototypeOf(a, b)'),
    ],
    passes: [
      action('return { prototype: 1 }'),
      action('return a.proto'),
      action('const { proto } = a'),
    ],
  },
  'no-custom-serialisation': {
    hits: [
      action('return { id: 1, toJSON() { return 2 } }'),
      action('return { toJSON: () => 1 }'),
      action('return { get id() { return 1 } }'),
    ],
    passes: [action('return { get: 1, json: 2 }')],
  },
}
