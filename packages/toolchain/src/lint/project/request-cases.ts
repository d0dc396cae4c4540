import { action, sync } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'
import { askSync, pages } from './project-case-sources.js'

/** For each rule: functions it objects to, and near misses that it lets pass. */
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
