import { expect, test } from 'vitest'
import { shellCommands } from './shell-commands.js'

const cases = [
  { line: 'ls -la', commands: [{ words: ['ls', '-la'], writesTo: [] }] },
  {
    line: `plumb request GET '/a b' && echo "x \\"y\\"" > out.txt; cat < in.txt | tee -a log`,
    commands: [
      { words: ['plumb', 'request', 'GET', '/a b'], writesTo: [] },
      { words: ['echo', 'x "y"'], writesTo: ['out.txt'] },
      { words: ['cat'], writesTo: [] },
      { words: ['tee', '-a', 'log'], writesTo: [] },
    ],
  },
  {
    line: `cat > function.ts <<'EOF'\nimport x from '/etc/passwd'\nEOF\nplumb check`,
    commands: [
      { words: ['cat'], writesTo: ['function.ts'] },
      { words: ['plumb', 'check'], writesTo: [] },
    ],
  },
  {
    line: 'a 2>&1 >>b.log 2>/dev/null',
    commands: [{ words: ['a'], writesTo: ['b.log', '/dev/null'] }],
  },
  {
    line: '(cd x; rm y)',
    commands: [
      { words: ['cd', 'x'], writesTo: [] },
      { words: ['rm', 'y'], writesTo: [] },
    ],
  },
  {
    line: 'python3 -c \'open("a", "w")\'',
    commands: [{ words: ['python3', '-c', 'open("a", "w")'], writesTo: [] }],
  },
  { line: '', commands: [] },
]

test.each(cases)('$line', ({ line, commands }) => {
  expect(shellCommands(line)).toEqual(commands)
})
