import { expect, test } from 'vitest'
import { parseArguments } from './parse-arguments.js'
import type { ArgumentRules } from './parse-arguments.js'

const rules: ArgumentRules = {
  words: { min: 1, max: 2 },
  options: {
    query: { type: 'pair', repeated: true },
    body: { type: 'json' },
    metadata: { type: 'json-object' },
    limit: { type: 'integer' },
    kind: { type: 'text', choices: ['action', 'sync'] },
  },
}

const parse = (args: string[], files: Record<string, string> = {}) =>
  parseArguments(args, rules, files)

function wrong(args: string[], files: Record<string, string> = {}): string {
  const result = parse(args, files)
  if (result.kind !== 'wrong') throw new Error(`${args.join(' ')} was taken`)
  return result.message
}

test('reads words and options in any order, with a blank or an equals sign', () => {
  const result = parse(['--query', 'a=b=c', 'GET', '--limit=5', '/items', '--query=a=2'])
  if (result.kind !== 'parsed') throw new Error(result.message)
  expect(result.arguments.words).toEqual(['GET', '/items'])
  expect(result.arguments.options.get('query')).toEqual([
    ['a', 'b=c'],
    ['a', '2'],
  ])
  expect(result.arguments.options.get('limit')).toEqual([5])
})

test('reads JSON from the command and from the file that an @ names', () => {
  const inline = parse(['x', '--body', '{"a":[1]}'])
  const named = parse(['x', '--body', '@in.json'], { 'in.json': '{"a":[1]}' })
  for (const result of [inline, named])
    expect(result.kind === 'parsed' && result.arguments.options.get('body')).toEqual([{ a: [1] }])
})

test('a value that starts with dashes is still the value', () => {
  const result = parse(['x', '--query', '--=1'])
  expect(result.kind === 'parsed' && result.arguments.options.get('query')).toEqual([['--', '1']])
})

test.each([
  [[], /1 more word/],
  [['a', 'b', 'c'], /"c" is one word too many/],
  [['a', '--limit', 'many'], /--limit must be a whole number, not "many"/],
  [['a', '--limit', '-1'], /not "-1"/],
  [['a', '--limit'], /--limit has no value/],
  [['a', '--limit', '1', '--limit', '2'], /given twice/],
  [['a', '--query', 'plain'], /must be name=value, not "plain"/],
  [['a', '--body', '{oops'], /--body must be JSON.*oops/],
  [['a', '--body', '@missing.json'], /"missing.json", which cannot be read/],
  [['a', '--metadata', '[1]'], /must be a JSON object, not \[1\]/],
  [['a', '--kind', 'webhook'], /must be action or sync, not "webhook"/],
  [['a', '--toString', 'x'], /"--toString" is not an option here. There is --query, --body/],
])('%j is refused with the value in the message', (args, message) => {
  expect(wrong(args)).toMatch(message)
})

test('an option that is required must be there', () => {
  const required: ArgumentRules = {
    words: { min: 0, max: 0 },
    options: { operation: { type: 'text', repeated: true, required: true } },
  }
  expect(parseArguments([], required, {})).toEqual({
    kind: 'wrong',
    message: '--operation is missing.',
  })
})
