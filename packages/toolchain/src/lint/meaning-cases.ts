import { action, call, save, sync } from './case-sources.js'
import type { RuleCases } from './case-sources.js'

export const meaningCases: RuleCases = {
  'no-harness-names': {
    hits: [
      action('if (nango.isMock) return'),
      action('import { vi } from "vitest"; vitest()'),
      action('new NangoActionMock({})'),
    ],
    passes: [action('return { isMocked: input.isMockedUp }')],
  },
  'no-hidden-names': {
    hits: [action('return __vitest_worker__'), action('if (__PLUMB__) return 1')],
    passes: [action('return { __typename: a.__typename }'), action('const __x = 1; return __x')],
  },
  'no-harness-markers': {
    hits: [action("return a['NODE_ENV']"), action("const p = 'tests/x.test.json'")],
    passes: [action("return { text: 'a test of the environment' }")],
  },
  'no-secret': {
    hits: [
      action("const t = 'ghp_0123456789abcdefghij0123456789abcdef'"),
      action("const t = 'xoxb-1234567890-abcdef'"),
    ],
    passes: [action("const t = 'sk-1'"), action("const prefix = 'ghp_'")],
  },
  'no-unfinished-code': {
    hits: [action('// TODO: paging')],
    passes: [action("const todo = 'TODO'"), action('// lists to-dos')],
  },
  'no-loose-schema': {
    hits: [
      action(call, 'z.object({ id: z.any() })'),
      action(call, 'z.object({ id: z.string() }).passthrough()'),
      action(call, 'z.looseObject({ id: z.string() })'),
      `const one = z.object({ id: z.string() })\nconst two = one.loose()\n${action('')}`,
    ],
    passes: [
      action('return matcher.any()'),
      action(call, 'z.object({ data: z.record(z.string(), z.unknown()) })'),
    ],
  },
  'no-hiding-default': {
    hits: [action(call, "z.object({ id: z.string().catch('') })")],
    passes: [action(call, "z.object({ id: z.string().default('') })")],
  },
  'no-empty-schema': {
    hits: [
      action(call, 'z.unknown()'),
      action(call, 'z.object({})'),
      action(call, 'z.record(z.string(), z.unknown())'),
      action(call, 'z.array(z.unknown())'),
      action(call, 'z.custom<{ id: string }>()'),
      sync(save, '{ Item: z.object({}) }'),
      `const output = z.unknown()\n${action(call, 'output')}`,
    ],
    passes: [
      action(call, 'z.record(z.string(), z.string())'),
      action(call, 'z.void()'),
      action(call, 'z.object({ raw: z.unknown() })'),
    ],
  },
  'no-error-in-output': {
    hits: [
      action(call, 'z.object({ id: z.string().optional(), error: z.string().optional() })'),
      `const output = z.object({ errors: z.array(z.string()).nullish() })\n${action(call, 'output')}`,
    ],
    passes: [
      action(call, 'z.object({ id: z.string(), success: z.boolean() })'),
      action(call, 'z.object({ job: z.object({ error: z.string().optional() }) })'),
      action(call, 'z.object({ error: z.string() })'),
    ],
  },
  'no-all-optional-output': {
    hits: [
      action(call, 'z.object({ a: z.string().optional(), b: z.number().nullish() })'),
      action(call, 'z.object({ a: z.string() }).partial()'),
    ],
    passes: [action(call, 'z.object({ a: z.string().optional(), b: z.number() })')],
  },
  'no-floating-call': {
    hits: [
      action("ctx.post({ endpoint: '/x' })"),
      action('void ctx.delete({})'),
      sync("nango.batchSave([], 'Item')"),
    ],
    passes: [
      action("await ctx.post({ endpoint: '/x' })"),
      action("return ctx.get({ endpoint: '/x' })"),
      action('ctx.log("x")'),
      action('await Promise.all([ctx.get({}), ctx.get({})])'),
    ],
  },
  'no-base-url-override': {
    hits: [
      action("await ctx.get({ endpoint: '/x', baseUrlOverride: input.url })"),
      action('await ctx.get({ baseUrlOverride })'),
      action("const c = { 'baseUrlOverride': 'https://x' }"),
    ],
    passes: [action("await ctx.get({ endpoint: '/baseUrlOverride' })")],
  },
  'encode-path-values': {
    hits: [action('await ctx.get({ endpoint: `/x/${input.id}` })')],
    passes: [
      action('await ctx.get({ endpoint: `/x/${encodeURIComponent(input.id)}` })'),
      action('return { id: `${input.id}-1` }'),
    ],
  },
  'no-own-authorization': {
    hits: [action("await ctx.get({ headers: { Authorization: 'x' } })")],
    passes: [action("await ctx.get({ headers: { Accept: 'x' } })")],
  },
  'delete-tracking-ended': {
    hits: [sync(`await nango.trackDeletesStart('Item'); ${save}`)],
    passes: [
      sync(`await nango.trackDeletesStart('Item'); ${save} await nango.trackDeletesEnd('Item')`),
    ],
  },
  'delete-tracking-started': {
    hits: [sync(`${save} await nango.trackDeletesEnd('Item')`)],
    passes: [sync(save)],
  },
  'checkpoint-used': {
    hits: [sync(`${save} await nango.saveCheckpoint({ a: 1 })`)],
    passes: [
      sync(
        `const c = await nango.getCheckpoint(); ${save} await nango.saveCheckpoint({ a: c?.a ?? 1 })`,
      ),
    ],
  },
  'checkpoint-read-is-used': {
    hits: [sync(`await nango.getCheckpoint(); ${save}`)],
    passes: [sync(`const c = await nango.getCheckpoint(); ${save}`)],
  },
  'delete-tracking-only-when-complete': {
    hits: [
      sync(
        `await nango.trackDeletesStart('Item'); try { ${save} } finally { await nango.trackDeletesEnd('Item') }`,
      ),
    ],
    passes: [
      sync(
        `await nango.trackDeletesStart('Item'); try { ${save} } finally { x() } await nango.trackDeletesEnd('Item')`,
      ),
    ],
  },
  'sync-saves-records': {
    hits: [sync("await nango.get({ endpoint: '/x' })")],
    passes: [
      sync(save),
      sync('await saveAll(nango)') +
        '\nasync function saveAll(n: C) { await n.batchSave([], "Item") }',
    ],
  },
  'no-ignored-answer': {
    hits: [
      action("await ctx.get({ endpoint: '/x' }); return { id: 'user-17' }"),
      action("const r = await ctx.get({ endpoint: '/x' }); void r; return { id: 'a@b.example' }"),
      action("const r = await ctx.get({ endpoint: '/x' }); r; return { id: 17 }"),
    ],
    passes: [
      action("const r = await ctx.get({ endpoint: '/x' }); return { id: r.data.id, kind: 'a' }"),
      action("await ctx.get({ endpoint: '/x' }); return { exists: true }"),
      action("await ctx.delete({ endpoint: '/x' }); return { id: input.id, state: 'deleted' }"),
      action("await ctx.get({}); const r = await ctx.get({}); return { id: r.data.id, k: 'a' }"),
      action("const { data } = await ctx.get({}); return { id: data.id, k: 'a' }"),
      action("await ctx.get({ endpoint: '/me' }); return { status: 'ok' }"),
      action("return { id: 'user-17' }"),
    ],
  },
  'no-undeclared-status': {
    hits: [],
    passes: [action("await ctx.get({ endpoint: '/x', expectedStatus: [404] })")],
  },
  'no-time-bomb': {
    hits: [
      action("if (Date.now() > Date.parse('2031-01-01')) return"),
      action('if (1924988400000 <= Date.now()) return'),
      action('const now = new Date(); if (now.getFullYear() >= 2031) return'),
      action("if (new Date().toISOString() > '2031-01-01') return"),
      action("if (new Date() > new Date('2031-01-01')) return"),
    ],
    passes: [
      action('if (Date.parse(input.at) < Date.now()) return'),
      action("if (new Date(input.at) < new Date('2020-01-01')) return"),
      action('if (item.updatedAt > Date.now() - 86400000) return'),
      action('const year = new Date().getFullYear(); return { id: String(year) }'),
      action("if (items.length > 2000 || item.date === '2020-01-01') return"),
    ],
  },
}
