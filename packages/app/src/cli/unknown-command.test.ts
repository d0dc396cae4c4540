import { expect, test } from 'vitest'
import { unknownCommand } from './unknown-command.js'

const names = ['build', 'dryrun', 'connections add', 'connections list', 'docs search', 'doctor']

test.each([
  [['bild'], 'build'],
  [['dry-run', 'x', '--json'], 'dryrun'],
  [['--verbose', 'dryrn'], 'dryrun'],
  [['connections', 'lst'], 'connections list'],
  [['connection', 'list'], 'connections list'],
  [['list', 'connections'], 'connections list'],
  [['connections-add', 'github'], 'connections add'],
  [['doc', 'search'], 'docs search'],
])('%j means %s', (args, meant) => {
  const error = unknownCommand(args, names)
  expect(error).toMatchObject({ code: 'usage', remedy: `Did you mean ${meant}?` })
})

test('what is like nothing gets the list', () => {
  const error = unknownCommand(['zzzzzzzz'], names)
  expect(error?.message).toContain('"plumb zzzzzzzz"')
  expect(error?.remedy).toContain('plumb --help')
})

test.each([
  [['build', 'x']],
  [['connections', 'list']],
  [['connections']],
  [['connections', '--help']],
  [['help', 'bild']],
  [['--help']],
  [['--version']],
  [[]],
])('%j is left to the command', (args) => {
  expect(unknownCommand(args, names)).toBeNull()
})
