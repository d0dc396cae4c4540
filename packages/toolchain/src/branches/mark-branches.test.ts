import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import { markBranches, reachedMark } from './mark-branches.js'

function reached(code: string): string[] {
  const marked = markBranches(code)
  const lines: string[] = []
  runInContext(marked.code, createContext({ console: { log: (text: string) => lines.push(text) } }))
  const ids = lines.map((line) => Number(line.slice(reachedMark.length)))
  return marked.branches.filter(({ id }) => ids.includes(id)).map(({ text }) => text)
}

test('each branch is told once, and one that is not reached never', () => {
  const code =
    'for (const x of [1, 2]) { if (x > 1) { x.toString() } else if (x > 5) { x.toFixed() } }'
  expect(markBranches(code).branches).toHaveLength(3)
  expect(reached(code)).toHaveLength(2)
})

test('functions of the author count, those of the bundler and errors do not', () => {
  const code = [
    'function dead() { return 1 }',
    'const alive = () => { return 2 }',
    'var __copy = () => { return 3 }',
    'if (alive() === 0) { throw new Error("no") }',
    'try { alive() } catch { dead() }',
    '[1].map(() => { return 1 })',
  ].join('\n')
  const { branches } = markBranches(code)
  expect(branches.map(({ kind }) => kind)).toEqual(['function', 'function'])
  expect(reached(code)).toEqual(['() => { return 2 }'])
})

test('code without branches stays as it is', () => {
  expect(markBranches('1 + 1').code.endsWith('\n1 + 1')).toBe(true)
})
