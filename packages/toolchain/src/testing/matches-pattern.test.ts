import { expect, it } from 'vitest'
import { matchesPattern } from './matches-pattern.js'

it.each([
  [
    '**/tests/*.test.ts',
    ['tests/a.test.ts', 'crm/tests/a.test.ts'],
    ['crm/a.test.ts', 'tests/b/a.test.ts'],
  ],
  [
    '**/*.{test,spec}.?(c|m)[jt]s?(x)',
    ['a.test.ts', 'x/a.spec.mjs', 'a.test.tsx'],
    ['a.ts', 'a.test.json'],
  ],
  ['./crm/**', ['crm/a', 'crm/b/c'], ['crm', 'crmx/a']],
  ['a+b.check.ts', ['a+b.check.ts'], ['aab.check.ts', 'a+bxcheck.ts']],
])('%s', (pattern, matching, others) => {
  expect(matching.filter((path) => !matchesPattern(path, [pattern]))).toEqual([])
  expect(others.filter((path) => matchesPattern(path, [pattern]))).toEqual([])
})
