import { expect, test } from 'vitest'
import { calledOperations } from './called-operations.js'

const names = ['check', 'providers', 'providers check', 'connections add', 'connections list']

test.each([
  ['', []],
  ['--help', []],
  ['help', []],
  ['chekc', []],
  ['connections', []],
  ['connections --help', []],
  ['connections chekc', []],
  ['check', ['check']],
  ['check list --json', ['check']],
  ['--verbose check', ['check']],
  ['help check', ['check']],
  ['connections list', ['connections list']],
  ['connections --json list', ['connections list']],
  ['connections help list', ['connections list']],
  ['help connections list', ['connections list']],
  ['providers', ['providers', 'providers check']],
  ['providers --auth oauth2 check', ['providers', 'providers check']],
])('what "plumb %s" calls is loaded, and nothing else', (line, called) => {
  const words = line.split(' ').filter((word) => word !== '')
  expect(calledOperations(words, names)).toEqual(called)
})
