import { action, call, save, sync } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'

const ask = "ctx.get({ endpoint: '/x' })"
const askSync = "nango.get({ endpoint: '/x' })"
const start = "await nango.trackDeletesStart('Item');"
const end = "await nango.trackDeletesEnd('Item');"
const pages = "for await (const page of nango.paginate({ endpoint: '/x' })) { " + save + ' }'
const walk = `${start} ${pages} ${end}`

/** A sync with a checkpoint of `{ since: string, page?: number }`. */
function incremental(
  body: string,
  schema = 'z.object({ since: z.string(), page: z.number().optional() })',
) {
  return sync(body).replace(
    "frequency: 'every hour'",
    `frequency: 'every hour', checkpoint: ${schema}`,
  )
}

const read = 'const saved = await nango.getCheckpoint();'
const stored = "await nango.saveCheckpoint({ since: '2' });"
const useIt = "await nango.get({ endpoint: '/x', params: { since: saved?.since } });"

function named(source: string, name = 'fn'): string {
  return source.replace('export default create', `const ${name} = create`)
}

/** For each rule of a project: functions it objects to, and near misses that it lets pass. */
export const definitionCases: RuleCases = {
  'default-export': {
    hits: [
      named(action(call)),
      'export default { exec: async () => {} }',
      `${named(action(call))}\nexport default fn.exec`,
      "import { createSync } from 'nango'\nconst a = createSync({})\nexport default 1",
    ],
    passes: [
      `${named(action(call))}\nexport default fn`,
      `${named(action(call))}\nexport { fn as default }`,
      action(call),
      "import { fn } from './fn.js'\nexport default fn",
      "import { made } from './made.js'\nexport default made({ exec: async () => {} })",
    ],
  },
  'one-definition': {
    hits: [`${action(call)}\nexport const other = createAction({ exec: async () => {} })`],
    passes: [`${action(call)}\nexport type createSync = string`],
  },
  'no-named-exports': {
    hits: [
      `export const size = 1\n${action(call)}`,
      `export function f() {}\n${action(call)}`,
      `export class A {}\n${action(call)}`,
      `${named(action(call))}\nconst a = 1\nexport { fn as default, a }`,
      `export * from './models.js'\n${action(call)}`,
    ],
    passes: [
      `${named(action(call))}\nexport type NangoActionLocal = Parameters<(typeof fn)['exec']>[0]\nexport default fn`,
      `export interface A { id: string }\n${action(call)}`,
      `export type { A } from './models.js'\n${action(call)}`,
      `type A = string\n${action(call)}\nexport { A }`,
      'export const toContact = (a: unknown) => a',
    ],
  },
  'exec-present': {
    hits: [
      "import { createAction } from 'nango'\nexport default createAction({ description: 'x' })",
    ],
    passes: [
      action(call),
      "import { createAction } from 'nango'\nexport default createAction({ async exec(nango) {} })",
      "import { createAction } from 'nango'\nimport { base } from './base.js'\nexport default createAction({ ...base })",
      "import { createAction } from 'nango'\nasync function exec() {}\nexport default createAction({ exec })",
    ],
  },
  'frequency-valid': {
    hits: [
      sync(walk).replace('every hour', 'hourly'),
      sync(walk).replace('every hour', 'every 5s'),
      `const often = 'every now and then'\n${sync(walk).replace("'every hour'", 'often')}`,
    ],
    passes: [
      sync(walk).replace('every hour', 'every half hour'),
      sync(walk).replace('every hour', 'every 5m'),
      sync(walk).replace("'every hour'", 'often()'),
    ],
  },
  'no-other-imports': {
    hits: [
      `import { readFileSync } from 'node:fs'\n${action('readFileSync(input.id)')}`,
      `import 'side-effect'\n${action(call)}`,
      `import * as path from 'path'\n${action('path.join(input.id)')}`,
      `import http = require('http')\n${action('http.get()')}`,
      `export { a } from 'axios'\n${action(call)}`,
    ],
    passes: [
      `import type { AxiosResponse } from 'axios'\n${action(call)}`,
      `import { AxiosResponse } from 'axios'\n${action('const r: AxiosResponse = 1')}`,
      `import { type A } from 'axios'\n${action(call)}`,
      `import { createHash } from 'node:crypto'\n${action('createHash()')}`,
      `import * as z4 from 'zod/v4'\n${action('z4.string()')}`,
      `import { soap } from 'allowed-one/deep'\n${action('soap()')}`,
      `import { toX } from './x.js'\n${action('toX()')}`,
    ],
  },
  'no-run-time-import': {
    hits: [
      action("const fs = require('fs')"),
      action("await import('./x.js')"),
      action('await import(input.id)'),
    ],
    passes: [action("const require = (a: string) => a; require('fs')"), action("ctx.require('x')")],
  },
}

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

export const syncCases: RuleCases = {
  'delete-tracking-ended': {
    hits: [sync(start), sync(`${start} await nango.trackDeletesEnd('Other')`)],
    passes: [
      sync(walk),
      sync(`const model = 'Item'; ${start} await nango.trackDeletesEnd(model)`),
      sync(`if (first) { ${start} } ${pages} if (last) { ${end} }`),
      `async function close(nango: NangoSync, model: string) { await nango.trackDeletesEnd(model) }\n${sync(`${start} await close(nango, 'Item')`)}`,
      `class Walk { constructor(private nango: NangoSync) {}\n async close() { await this.nango.trackDeletesEnd('Item') } }\n${sync(`${start} await new Walk(nango).close()`)}`,
    ],
  },
  'delete-tracking-started': {
    hits: [sync(`${pages} ${end}`)],
    passes: [
      sync(walk),
      sync(end).replace("frequency: 'every hour'", "frequency: 'every hour', trackDeletes: true"),
    ],
  },
  'delete-tracking-ended-on-every-path': {
    hits: [sync(`${start} if (none) return; ${pages} ${end}`)],
    passes: [
      sync(`if (none) return; ${walk}`),
      sync(`${start} if (none) { ${end} return } ${pages} ${end}`),
      sync(`if (full) { ${start} } else { return } ${end}`),
      sync(`${start} const ids = items.map((i) => { return i.id }); ${end}`),
    ],
  },
  'delete-tracking-only-when-complete': {
    hits: [
      sync(`${start} try { ${pages} } finally { ${end} }`),
      sync(`${start} try { ${pages} } catch (e) { ${end} }`),
      sync(`try { ${pages} } finally { await nango.deleteRecordsFromPreviousExecutions('Item') }`),
    ],
    passes: [sync(`${start} try { ${pages} ${end} } finally { await nango.log('done') }`)],
  },
  'delete-tracking-after-swallowed-error': {
    hits: [sync(`${start} try { ${pages} } catch (e) { await nango.log('failed') } ${end}`)],
    passes: [
      sync(`${start} try { ${pages} } catch (e) { throw e } ${end}`),
      sync(`${start} try { ${pages} } catch (e) { return } ${end}`),
      sync(`${start} try { JSON.parse(x) } catch (e) { y = 1 } ${pages} ${end}`),
    ],
  },
  'no-previous-executions-delete-in-incremental': {
    hits: [
      incremental(
        `${read} ${useIt} ${stored} await nango.deleteRecordsFromPreviousExecutions('Item')`,
      ),
      sync("await nango.deleteRecordsFromPreviousExecutions('Item')").replace(
        "frequency: 'every hour'",
        "frequency: 'every hour', syncType: 'incremental'",
      ),
    ],
    passes: [sync(`${pages} await nango.deleteRecordsFromPreviousExecutions('Item')`)],
  },
  'checkpoint-used': {
    hits: [incremental(`${pages} ${stored}`)],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      `async function since(nango: NangoSync) { return (await nango.getCheckpoint())?.since }\n${incremental(`const since2 = await since(nango); ${stored}`)}`,
    ],
  },
  'checkpoint-read-is-used': {
    hits: [
      incremental(`await nango.getCheckpoint(); ${stored}`),
      incremental(`${read} ${pages} ${stored}`),
      incremental(`${read} await nango.log(\`from \${saved?.since}\`); ${stored}`),
      incremental(
        `${read} const since = saved?.since ?? ''; await nango.saveCheckpoint({ since })`,
      ),
      incremental(
        `const parsed = Checkpoint.safeParse(await nango.getCheckpoint()); const since = parsed.data; ${pages}`,
      ),
    ],
    passes: [
      incremental(`${read} ${useIt}`),
      incremental(`${read} if (saved) { ${pages} }`),
      incremental(
        `${read} let page = saved?.page ?? 0; while (page < 3) { page += 1; await ${askSync} }`,
      ),
      incremental(`const { since } = await nango.getCheckpoint(); await load(since)`),
      incremental(
        `let since; since = (await nango.getCheckpoint())?.since; for (const i of items) { if (i.at > since) keep(i) }`,
      ),
      incremental(
        `const parsed = Checkpoint.safeParse(await nango.getCheckpoint()); const c = parsed.success ? parsed.data : {}; ${pages}`,
      ),
    ],
  },
  'checkpoint-declared-is-used': {
    hits: [incremental(pages)],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      sync(pages),
      incremental('await nango.clearCheckpoint()'),
    ],
  },
  'checkpoint-after-records': {
    hits: [
      incremental(`${read} ${useIt} ${stored} ${save}`),
      incremental(`${read} while (saved) { ${stored} if (items.length) { ${save} } }`),
    ],
    passes: [
      incremental(`${read} ${useIt} ${save} ${stored}`),
      incremental(`${read} ${useIt} ${stored} ${pages}`),
      incremental(`${read} ${pages} ${stored} ${save}`),
      incremental(`${read} if (saved) { ${stored} } ${useIt}`),
    ],
  },
  'checkpoint-shape': {
    hits: [
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ until: '1' })`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ page: 1 })`),
    ],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ ...saved, page: 1 })`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint(next)`),
      incremental(
        `${read} ${useIt} await nango.saveCheckpoint({ page: 1 })`,
        'Checkpoint.partial()',
      ),
      incremental(
        `${read} ${useIt} await nango.saveCheckpoint({})`,
        "z.object({ since: z.string().default('') })",
      ),
    ],
  },
  'model-declared': {
    hits: [
      sync("await nango.batchSave([], 'Other')"),
      sync("const m = 'Gone'; await nango.batchDelete([], m)"),
    ],
    passes: [
      sync(save),
      sync("await nango.batchSave([], 'Item')", '{ Item }'),
      sync('await nango.batchSave([], model)'),
      sync("await nango.batchSave([], 'Other')", '{ ...models }'),
      sync("await nango.batchSave([], 'Other')", 'allModels'),
    ],
  },
  'model-name-stable': {
    hits: [
      sync('await nango.batchSave([], `Item${kind}`)'),
      sync("await nango.batchSave([], 'Item' + kind)"),
      sync(save, '{ [`Item${kind}`]: z.object({ id: z.string() }) }'),
    ],
    passes: [
      sync("await nango.batchSave([], 'It' + 'em')"),
      sync(save, "{ ['Item']: z.object({ id: z.string() }) }"),
      sync("await nango.batchSave([], isNew ? 'Item' : 'Item')"),
      sync(save, '{ Item: ItemSchema }'),
    ],
  },
  'model-has-id': {
    hits: [
      sync(save, '{ Item: z.object({ name: z.string() }) }'),
      `const Item = z.object({ name: z.string() }).strict()\n${sync(save, '{ Item }')}`,
    ],
    passes: [
      sync(save),
      sync(save, '{ Item: z.object({ ...base }) }'),
      sync(save, '{ Item: Base.extend({ name: z.string() }) }'),
      sync(save, '{ Item }'),
    ],
  },
}

export const requestCases: RuleCases = {
  'encode-path-values': {
    hits: [action('await ctx.get({ endpoint: `/x/${input.id}` })')],
    passes: [
      action('await ctx.get({ endpoint: `/x/${encodeURIComponent(input.id)}` })'),
      action('await ctx.log(`/x/${input.id}`)'),
    ],
  },
  'retry-with-idempotency-key': {
    hits: [action("await ctx.post({ endpoint: '/orders', retries: 3 })")],
    passes: [
      action("await ctx.post({ endpoint: '/orders' })"),
      action("await ctx.post({ endpoint: '/orders', retries: 0 })"),
      action("await ctx.post({ endpoint: '/orders/search', retries: 3 })"),
      action(
        "await ctx.post({ endpoint: '/o', headers: { 'Idempotency-Key': input.id }, retries: 3 })",
      ),
      action("await ctx.put({ endpoint: '/orders', retries: 3 })"),
    ],
  },
  'retry-on-needs-retries': {
    hits: [action("await ctx.get({ endpoint: '/x', retryOn: [404] })")],
    passes: [
      action("await ctx.get({ endpoint: '/x', retryOn: [404], retries: 2 })"),
      action('await ctx.get({ ...config, retryOn: [404] })'),
    ],
  },
  'loop-ends': {
    hits: [
      sync(`while (true) { await ${askSync} }`),
      sync(`for (;;) { await ${askSync}; for (const a of b) { break } }`),
      sync(`let next = 'a'; while (next) { const r = await ${askSync}; await nango.log(next) }`),
    ],
    passes: [
      sync(`while (true) { const r = await ${askSync}; if (!r.data.next) break }`),
      sync(`let next = 'a'; while (next) { const r = await ${askSync}; next = r.data.next }`),
      sync(`let left = 3; do { left--; await ${askSync} } while (left)`),
      sync(`while (true) { const r = await ${askSync}; if (!r.data) return }`),
      sync(pages),
    ],
  },
  'no-timer-polling': {
    hits: [
      action('await new Promise((done) => setTimeout(done, 1000))'),
      action('setInterval(poll, 10)'),
    ],
    passes: [action('const setTimeout = (a: number) => a; setTimeout(1)')],
  },
}

export const textCases: RuleCases = {
  'no-environment': {
    hits: [action('return { id: process.env.TOKEN }'), action('return { id: __dirname }')],
    passes: [
      action('const process = (a: string) => a; process(input.id)'),
      action('return { id: input.process, process: 1 }'),
      "import { process } from './process.js'\nexport const a = process",
    ],
  },
  'no-own-network': {
    hits: [action("await fetch('https://example.com')")],
    passes: [
      action("await ctx.uncontrolledFetch({ url: new URL('https://example.com') })"),
      action('const fetch = async () => 1; await fetch()'),
      action('type F = typeof fetch'),
    ],
  },
  'no-browser-globals': {
    hits: [action('window.location'), action("localStorage.getItem('a')")],
    passes: [
      action('const document = await load(); document.id'),
      action('const a = { window: 1 }; a.window'),
    ],
  },
  'no-console': {
    hits: [action("console.log('x')")],
    passes: [action("await ctx.log('x')"), action('const console = ctx; console.id')],
  },
  'no-secret-literal': {
    hits: [
      action(`const k = '${'sk_live_'}${'a1B2'.repeat(6)}'`),
      action(`const k = \`${'ghp_'}${'a1B2'.repeat(9)}\``),
      action(`const k = '-----BEGIN ${'RSA PRIVATE'} KEY-----'`),
    ],
    passes: [
      action("const k = 'sk_live_...'"),
      action("const d = 'A token such as xoxb-your-token'"),
      action("const v = '2022-11-28'"),
    ],
  },
  'no-fixed-date': {
    hits: [
      action("const from = new Date('2024-01-01')"),
      action('const from = new Date(2024, 0)'),
      action("const from = Date.parse('2024-01-01T00:00:00Z')"),
    ],
    passes: [
      action('const from = new Date(0)'),
      action("const from = new Date('1970-01-01')"),
      action("await ctx.get({ endpoint: '/x', headers: { 'Notion-Version': '2022-06-28' } })"),
      action('const at = new Date(input.id)'),
    ],
  },
  'no-swallowed-error': {
    hits: [
      action(`try { await ${ask} } catch { return { id: '1' } }`),
      action(`try { await ${ask} } catch (e) { await ctx.log('failed') } return { id: '1' }`),
    ],
    passes: [
      action(`try { await ${ask} } catch (e) { if (gone(e)) return { id: '' }; throw e }`),
      action('try { JSON.parse(x) } catch { y = null }'),
    ],
  },
}
