import { action, call, sync } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'
import { ask, askSync, pages } from './project-case-sources.js'

/** For each rule: functions it objects to, and near misses that it lets pass. */
export const awaitCases: RuleCases = {
  'no-floating-call': {
    hits: [
      action(`${ask}`),
      action(`void ${ask}`),
      action(`input.id && ${ask}`),
      action(`input.id ? ${ask} : null`),
      action(`const p = ${ask}; return { id: '1' }`),
      action(`const { data } = ${ask}`),
      action(`const data = ${ask}.data`),
      action(`${ask}.then((r) => r.data)`),
      action(`Promise.all([${ask}, ${ask}])`),
      action("ctx.log('x')"),
      action(`(ctx as any).get({})`),
      sync("nango.batchSave([], 'Item')"),
      `async function load(api: NangoSync) { api.post({}) }\n${sync('await load(nango)')}`,
      `async function load(api) { api.post({}) }\n${sync('await load(nango)')}`,
      `class Loader { constructor(private nango: NangoSync) {}\n async all() { this.nango.get({}) } }\n${sync('await new Loader(nango).all()')}`,
      action(`const api = ctx; api.get({})`),
      "import { createAction } from 'nango'\nexport default createAction({ async exec(api) { api.get({}) } })",
    ],
    passes: [
      action(`await ${ask}`),
      action(`return ${ask}`),
      action(`const p = ${ask}; const r = await p`),
      action(
        `const all = input.ids.map((id) => ctx.get({ endpoint: id })); await Promise.all(all)`,
      ),
      action(`await Promise.all([${ask}, ${ask}])`),
      action(`await Promise.all(input.ids.map(async (id) => { await ${ask} }))`),
      action(`const r = await retry(() => ${ask})`),
      action(`const f = async () => ${ask}; await f()`),
      action(`const { data } = await ${ask}`),
      action(`const data = (await ${ask}).data`),
      action(`const r = await ${ask}.then((r) => r.data)`),
      action(`const r = await (input.id ? ${ask} : ctx.post({}))`),
      action('const m = new Map(); m.delete(input.id); m.get(input.id)'),
      action('throw new ctx.ActionError({ message: "x" })'),
      action('const headers = { get() {} }; headers.get()'),
      `function draw(ctx: CanvasContext) { ctx.put() }\n${action(call)}`,
    ],
  },
  'no-floating-helper': {
    hits: [
      `async function load(nango: NangoSync) { await nango.get({}) }\n${sync('load(nango)')}`,
      sync(`const load = async () => { await ${askSync} }; load()`),
    ],
    passes: [
      `async function load(nango: NangoSync) { await nango.get({}) }\n${sync('await load(nango)')}`,
      `function check(nango: NangoSync) { throw new nango.ActionError({}) }\n${sync('check(nango)')}`,
      `async function* load(nango: NangoSync) { yield await nango.get({}) }\n${sync('for await (const a of load(nango)) {}')}`,
      sync(`const load = async () => { await ${askSync} }; await Promise.all([load(), load()])`),
    ],
  },
  'no-ignored-async-callback': {
    hits: [
      action(`input.ids.forEach(async (id) => { await ${ask} })`),
      action(`input.ids.map(async (id) => { await ${ask} })`),
      action(`input.ids.map((id) => ${ask})`),
    ],
    passes: [
      action(`await Promise.all(input.ids.map(async (id) => { await ${ask} }))`),
      action('input.ids.forEach((id) => { list.push(id) })'),
      action('input.ids.forEach(async (id) => { await other(id) })'),
    ],
  },
  'paginate-is-iterated': {
    hits: [
      sync("nango.paginate({ endpoint: '/x' })"),
      sync("await nango.paginate({ endpoint: '/x' })"),
    ],
    passes: [
      sync(pages),
      sync("const walk = nango.paginate({ endpoint: '/x' }); for await (const p of walk) {}"),
    ],
  },
  'no-return-without-await-in-try': {
    hits: [action(`try { return ${ask} } catch (e) { throw new ctx.ActionError({}) }`)],
    passes: [
      action(`try { return await ${ask} } catch (e) { throw new ctx.ActionError({}) }`),
      action(`try { f() } catch (e) { return ${ask} }`),
      action(`try { const f = () => { return ${ask} }; await f() } catch (e) { throw e }`),
    ],
  },
}
