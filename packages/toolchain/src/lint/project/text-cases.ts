import { action } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'
import { ask } from './project-case-sources.js'

/** For each rule: functions it objects to, and near misses that it lets pass. */
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
