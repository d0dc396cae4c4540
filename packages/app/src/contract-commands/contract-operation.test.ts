import { apiContracts } from '@plumb/protocol'
import type { Contract } from '@plumb/protocol'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { commandOf } from '../cli/command.js'
import { allContracts } from '../http/openapi-document.js'
import type { OperationContext } from '../operations/operation.js'
import { contractExamples } from './contract-examples.js'
import { contractOperation } from './contract-operation.js'
import { commandContracts } from './index.js'
import { readJsonText } from './read-json-text.js'
import { renderAnswer } from './render-answer.js'

const terminal = { columns: 60, color: false }

async function parsed(args: string[], contract: Contract = apiContracts.keys.create) {
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
  await expect(readJsonText('{"token":"hunter2"', place)).rejects.toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})

test('what does not fit is shown as it was typed, cut short, and never when it may be a secret', async () => {
  const context = { config: { directory: '/nowhere' } } as unknown as OperationContext
  const messageOf = async (contract: Contract, given: Record<string, unknown>) => {
    const refused = contractOperation(contract).run(given, context)
    return refused.catch((error: Error) => error.message)
  }
  const { keys, logs, connections } = apiContracts
  expect(await messageOf(logs.list, { limit: 'x' })).toMatch(/^--limit is "x": /)
  expect(await messageOf(keys.create, { name: 'x'.repeat(1e7) })).toMatch(
    /^<name> is "x{99}\.\.\. \(10000002 characters\): /,
  )
  const credentials = '["hunter2"]'
  const account = { integrationKey: 'acme', connectionId: 'one', credentials }
  const message = await messageOf(connections.import, account)
  expect(message).toContain('--credentials')
  expect(message).not.toContain('hunter2')
})

test('the example of every command is one that it takes', async () => {
  const named = new Set<string>()
  for (const contract of commandContracts().values()) {
    named.add(contract.name)
    const { name, input, examples, positionals = [] } = contractOperation(contract)
    const [example = ''] = examples
    const words = [...example.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
      ([, single, double, bare]) => single ?? double ?? bare ?? '',
    )
    const given = await parsed(words.slice(1 + name.split(' ').length), contract)
    const needed = Object.entries<z.ZodType>(input.shape).filter(
      ([, field]) => !field.safeParse(undefined).success,
    )
    for (const [key] of needed) expect(given[key], `${example} lacks ${key}`).toBeDefined()
    expect(input.safeParse(given).error, example).toBeUndefined()
    for (const key of positionals) expect(words, example).not.toContain(key)
  }
  expect([...named]).toEqual(expect.arrayContaining(Object.keys(contractExamples)))
})

test('every flag says what it is', () => {
  for (const contract of allContracts()) {
    const { name, input } = contractOperation(contract)
    for (const [key, field] of Object.entries<{ description?: string }>(input.shape))
      expect(field.description, `${name} ${key}`).toMatch(/^(?!value,).*\S/)
  }
})

test('a list is a table as wide as the terminal, and the rest are lines', () => {
  const rows = [{ id: 'a', name: 'x'.repeat(60), state: null, more: { deep: 1 } }]
  const text = renderAnswer({ things: rows, next_cursor: null, count: 1 }, terminal)
  expect(text).toMatch(/^id {2}name/)
  expect(text).not.toContain('state')
  expect(text).toContain('count: 1')
  expect(renderAnswer({ things: [] }, terminal)).toBe('No things.')
  expect(renderAnswer({ data: [] }, terminal)).toBe('None.')
  const error = { code: 'sync-failed', message: 'It failed.', remedy: 'Try.' }
  const wide = { id: 'a', kind: 'sync', text: 'Long. '.repeat(20), more: { error }, error, at: 1 }
  expect(renderAnswer({ things: [wide] }, { ...terminal, columns: 160 })).toMatch(
    /^id {2}kind {2}text +error +at\na +sync +(Long\. ){20} *sync-failed +1$/,
  )
  expect(renderAnswer({ thing: { id: 'a', gone: null, error } }, terminal)).toBe(
    `thing:\n  id: a\n  error: ${JSON.stringify(error)}`,
  )
  expect(renderAnswer({ success: true }, terminal)).toBe('Done.')
})

test('a credential is not shown, and what failed is, however narrow the terminal', () => {
  const credentials = { type: 'OAUTH2', access_token: 'hunter2' }
  expect(renderAnswer({ id: 'a', credentials, tags: {} }, terminal)).toBe(
    'id: a\ncredentials: not shown; --json has them\ntags: none',
  )
  const error = { code: 'sync-failed', message: 'It failed.', remedy: 'Try.' }
  const row = { id: 'i'.repeat(30), name: 'issues', status: 'ERROR', more: 'x'.repeat(20), error }
  expect(renderAnswer({ syncs: [row] }, terminal)).toBe(
    `id${' '.repeat(28)}  name    status  error\n${row.id}  issues  ERROR   sync-failed`,
  )
})
