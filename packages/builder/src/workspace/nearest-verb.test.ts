import { expect, test } from 'vitest'
import { boxVerbs } from './box-verbs.js'
import { editDistance } from '@plumb/protocol'
import { nearestVerb } from './nearest-verb.js'

const verbs = [...boxVerbs.map(({ name }) => name), 'help']

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['ab', 'ba', 1],
  ['dryurn', 'dryrun', 1],
  ['kitten', 'sitting', 3],
])('%j and %j are %i edits apart', (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits)
  expect(editDistance(to, from)).toBe(edits)
})

test.each([
  [['docs', 'serach', 'event'], 'docs search'],
  [['doc', 'search'], 'docs search'],
  [['docs-show', 'x'], 'docs show'],
  [['docs', 'get'], 'docs show'],
  [['dry-run', '--input', '{}'], 'dryrun'],
  [['dry', 'run'], 'dryrun'],
  [['dyrrun'], 'dryrun'],
  [['sumbit', '--operation', 'x'], 'submit'],
  [['reqest', 'GET', '/x'], 'request'],
  [['test'], 'dryrun'],
  [['validate'], 'check'],
  [['block'], 'blocked'],
  [['constructor'], expect.any(String)],
])('%j means %j', (args, verb) => {
  expect(nearestVerb(args, verbs)).toEqual(verb)
})
