import { apiContracts } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { commandOf } from '../cli/command.js'
import { contractOperation } from './contract-operation.js'
import { readJsonText } from './read-json-text.js'
import { renderAnswer } from './render-answer.js'

const terminal = { columns: 60, color: false }

async function parsed(args: string[], contract = apiContracts.keys.create) {
  let values: Record<string, unknown> = {}
  const command = commandOf(contractOperation(contract), async (_, given) => void (values = given))
  await command.parseAsync(args, { from: 'user' })
  return values
}

test('what is required and a text stands by position, the rest are flags', async () => {
  expect(contractOperation(apiContracts.keys.create).positionals).toEqual(['name'])
  expect(contractOperation(apiContracts.keys.revoke).positionals).toEqual(['id'])
  const account = ['integrationKey', 'connectionId']
  expect(contractOperation(apiContracts.connections.get).positionals).toEqual(account)
  expect(contractOperation(apiContracts.actions.trigger).positionals).toEqual([
    ...account,
    'action',
  ])
  expect(await parsed(['ci'])).toMatchObject({ name: 'ci', scopes: ['*'] })
})

test('scopes that are given replace the default of everything', async () => {
  const { scopes } = await parsed(['ci', '--scopes', 'proxy', '--scopes', 'logs:read'])
  expect(scopes).toEqual(['proxy', 'logs:read'])
})

test('JSON is given as text or as a file, and what is none is told', async () => {
  const place = { name: 'input', directory: import.meta.dirname }
  expect(await readJsonText('{"a":[1]}', place)).toEqual({ a: [1] })
  await expect(readJsonText('{', place)).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(readJsonText('@nowhere.json', place)).rejects.toThrow('nowhere.json')
})

test('a list is a table as wide as the terminal, and the rest are lines', () => {
  const rows = [{ id: 'a', name: 'x'.repeat(60), state: null, more: { deep: 1 } }]
  const text = renderAnswer({ things: rows, next_cursor: null, count: 1 }, terminal)
  expect(text).toMatch(/^id {2}name/)
  expect(text).not.toContain('state')
  expect(text).toContain('count: 1')
  expect(renderAnswer({ things: [] }, terminal)).toBe('No things.')
  expect(renderAnswer({ success: true }, terminal)).toBe('Done.')
})
