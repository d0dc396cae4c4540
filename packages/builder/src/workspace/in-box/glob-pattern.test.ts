import { expect, test } from 'vitest'
import { globPattern } from './glob-pattern.js'

test.each([
  ['*.ts', 'function.ts', true],
  ['*.ts', 'deep/function.ts', false],
  ['*.ts', 'functionXts', false],
  ['**/*.ts', 'function.ts', true],
  ['**/*.ts', 'a/b/c.ts', true],
  ['**/SKILL.md', '.agents/skills/x/SKILL.md', true],
  ['.agents/**', '.agents/skills/x', true],
  ['?.md', 'ab.md', false],
  ['*.{ts,js*}', 'a.json', true],
  ['*.{ts,js}', 'a.json', false],
  ['[!a]*.ts', 'a.ts', false],
  ['(a|b)+.ts', '(a|b)+.ts', true],
])('%j against %j is %j', (glob, path, matches) => {
  expect(globPattern(glob).test(path)).toBe(matches)
})
