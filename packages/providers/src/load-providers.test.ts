import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { PlumbError } from '@plumb/protocol'
import { loadProviders, parseProvider } from './index.js'

const directories: string[] = []

async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plumb-providers-'))
  directories.push(directory)
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  return directory
}

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

const minimal = `name: acme
displayName: Acme
auth: { mode: bearer }
proxy:
  baseUrl: https://api.acme.example
`

const problem = (text: string): PlumbError => {
  try {
    parseProvider(text, 'acme.yaml')
  } catch (error) {
    if (error instanceof PlumbError) return error
  }
  throw new Error('the entry was accepted')
}

test('every entry of the catalog is valid, is found by its name and covers each kind of auth', async () => {
  const providers = await loadProviders()
  const modes = new Set([...providers.values()].map(({ provider }) => provider.auth.mode))
  expect([...modes].sort()).toEqual(['api-key', 'basic', 'bearer', 'oauth1', 'oauth2'])
  for (const name of ['github', 'slack', 'google-mail', 'google-calendar', 'hubspot', 'stripe']) {
    expect(providers.get(name)?.provider.name).toBe(name)
  }
})

test('a user directory adds entries and replaces those of the catalog', async () => {
  const directory = await directoryWith({
    'acme.yaml': `${minimal}apiDescription: ./acme/api.json\n`,
    'github.yaml': minimal.replace('acme', 'github').replace('Acme', 'GitHub Enterprise'),
    'notes.txt': 'not an entry',
  })
  const providers = await loadProviders({ directories: [directory] })
  expect(providers.get('acme')?.apiDescription).toBe(join(directory, 'acme/api.json'))
  expect(providers.get('github')?.provider.displayName).toBe('GitHub Enterprise')
})

test('an API description by URL stays a URL, and none is null', async () => {
  const directory = await directoryWith({
    'acme.yaml': `${minimal}apiDescription: https://acme.example/openapi.json\n`,
  })
  const providers = await loadProviders({ directories: [directory] })
  expect(providers.get('acme')?.apiDescription).toBe('https://acme.example/openapi.json')
  expect(providers.get('stripe')?.apiDescription).toBeNull()
})

test('a wrong value is named with file, line, path and value', () => {
  const error = problem(minimal.replace('mode: bearer', 'mode: magic'))
  expect(error.code).toBe('provider-invalid')
  expect(error.message).toContain('acme.yaml:3: "auth.mode" is "magic".')
  expect(error.remedy).toContain('provider.schema.json')
})

test('a misspelt member is named at its own line', () => {
  expect(problem(`${minimal}  chekc: { endpoint: /me }\n`).message).toContain(
    'acme.yaml:6: "proxy.chekc" is set.',
  )
})

test('a missing member is named at the line of what should hold it', () => {
  expect(problem(minimal.replace('  baseUrl:', '  hosts: []\n  #')).message).toContain(
    'acme.yaml:4: "proxy.baseUrl" is missing.',
  )
})

test('every problem of an entry is told at once', () => {
  const text = minimal.replace('mode: bearer', 'mode: magic').replace('displayName', 'title')
  expect(problem(text).message.split('\n').length).toBeGreaterThanOrEqual(3)
})

test('broken YAML is named with its line', () => {
  expect(problem('name: acme\nauth: { mode: bearer\nproxy: x\n').message).toMatch(
    /^acme\.yaml:[23]: /,
  )
})

test('an empty file is refused', () => {
  expect(problem('').message).toContain('acme.yaml:1')
})

test.each([
  ['mode: api-key', 'names neither'],
  ['mode: api-key, header: x-key, query: key', 'names both'],
])('an API key needs exactly one place: %s', (auth, words) => {
  expect(problem(minimal.replace('mode: bearer', auth)).message).toContain(words)
})

test('an access rule that would match anything, or is no regular expression, is refused', () => {
  const rule = (members: string) =>
    problem(`${minimal}  access: [{ kind: missing-scope${members} }]\n`)
  expect(rule('').message).toContain('would match anything')
  expect(rule(', matches: "("').message).toContain('"("')
})

test('a file whose name is not that of its entry is refused', async () => {
  const directory = await directoryWith({ 'acne.yaml': minimal })
  await expect(loadProviders({ directories: [directory] })).rejects.toThrow(
    '"name" is "acme", but the file is named "acne"',
  )
})

test('a directory that is not there is refused with its path', async () => {
  await expect(loadProviders({ directories: ['/nowhere/providers'] })).rejects.toThrow(
    '"/nowhere/providers"',
  )
})

test('a variant is an entry that shares what it does not say', async () => {
  const directory = await directoryWith({
    'acme.yaml': `${minimal}docs: https://acme.example
variants:
  - { name: acme-key, auth: { mode: api-key, header: x-key } }
  - { name: acme-test, displayName: Acme (test), baseUrl: https://test.acme.example }
  - { name: acme-own }
`,
    'acme-own.yaml': minimal.replace('acme', 'acme-own').replace('Acme', 'Its own entry'),
  })
  const providers = await loadProviders({ directories: [directory] })
  expect(providers.get('acme-key')).toMatchObject({ path: join(directory, 'acme.yaml') })
  expect(providers.get('acme-key')?.provider).toMatchObject({
    name: 'acme-key',
    displayName: 'Acme',
    docs: 'https://acme.example',
    proxy: { baseUrl: 'https://api.acme.example' },
    auth: { mode: 'api-key', header: 'x-key' },
  })
  expect(providers.get('acme-test')?.provider).toMatchObject({
    displayName: 'Acme (test)',
    auth: { mode: 'bearer' },
    proxy: { baseUrl: 'https://test.acme.example' },
  })
  expect(providers.get('acme-own')?.provider.displayName).toBe('Its own entry')
})

test('what only the token answer tells about an account is taken from there', async () => {
  const found = [...(await loadProviders()).values()].flatMap(({ provider }) =>
    Object.entries(provider.connectionConfig ?? {})
      .filter(([, { description = '' }]) => description.startsWith('Told with the access token'))
      .map(([name]) => ({ provider, name })),
  )
  expect(found.map(({ provider }) => provider.name)).toEqual(
    expect.arrayContaining(['salesforce', 'salesforce-sandbox', 'pipedrive', 'wrike']),
  )
  for (const { provider, name } of found) {
    if (provider.auth.mode !== 'oauth2') continue
    expect(Object.keys(provider.auth.connectionConfigFrom ?? {}), provider.name).toContain(name)
  }
})
