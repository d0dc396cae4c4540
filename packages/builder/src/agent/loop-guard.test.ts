import { expect, test } from 'vitest'
import { LoopGuard } from './loop-guard.js'

const made = (tool: string, input: object) =>
  ({
    kind: 'tool-called',
    callId: 'c',
    tool,
    input,
    output: '',
    exitCode: 0,
    status: 'completed',
    durationMs: 1,
  }) as const

const bash = (command: string, description = '') => made('bash', { command, description })
const write = (content: string) => made('write', { filePath: 'function.ts', content })

function counts(...calls: ReturnType<typeof made>[]): number[] {
  const guard = new LoopGuard()
  return calls.map((call) => guard.count(call))
}

test('blanks and remarks do not make a call another one', () => {
  expect(
    counts(bash('plumb  check', 'a'), bash('plumb check ', 'b'), bash('plumb\ncheck')),
  ).toEqual([1, 2, 3])
})

test('loops over several commands are counted, too', () => {
  const [a, b] = [bash('plumb check'), bash('plumb dryrun')]
  expect(counts(a, b, a, b, a, b)).toEqual([1, 1, 2, 2, 3, 3])
})

test('a new change of a file starts anew, the same change again does not', () => {
  const [first, second] = [write('1'), write('2')]
  const run = bash('plumb dryrun')
  expect(counts(first, run, second, run, first, run, second, run)).toEqual([1, 1, 1, 1, 1, 2, 2, 3])
})

test.each([
  ['sed -i s/a/b/ function.ts', 1],
  ['cat > function.ts <<E\nx\nE', 1],
  ['printf x | tee function.ts', 1],
  ['plumb request GET /items 2>&1', 2],
  ['grep -n "a" function.ts', 2],
])('after %j the same command counts %i', (command, expected) => {
  const run = bash('plumb dryrun')
  expect(counts(run, bash(command), run).at(-1)).toBe(expected)
})
