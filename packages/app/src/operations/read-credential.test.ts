import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCredential } from './read-credential.js'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plumb-credential-'))
})
afterAll(() => rm(directory, { recursive: true }))

const secret = 'sk-secret-4711'
const reading = (source: object, mode = 'api-key') => {
  const environment = { CRM_KEY: secret, EMPTY: '' }
  const config = {
    home: directory,
    databaseUrl: null,
    directory,
    environment,
    environmentName: 'dev',
    secretKey: null,
  }
  return readCredential(source, { config, mode })
}

test('a variable gives the kind of credential that the provider takes', async () => {
  expect(await reading({ tokenEnv: 'CRM_KEY' })).toEqual({ kind: 'api-key', apiKey: secret })
  expect(await reading({ tokenEnv: 'CRM_KEY' }, 'oauth2')).toEqual({
    kind: 'bearer',
    token: secret,
  })
  expect(await reading({}, 'none')).toEqual({ kind: 'none' })
})

test('a token in the place of a variable name is refused and not repeated', async () => {
  const refused = await reading({ tokenEnv: 'ghp_4711secret' }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'usage' })
  expect(String(refused)).not.toContain('4711')
  await expect(reading({ tokenEnv: 'EMPTY' })).rejects.toThrow('The variable EMPTY is not set.')
})

test.each([
  ['text', 'sk-secret-4711', 'is not JSON'],
  ['a wrong key', '{"kind":"api-key","apikey":"sk-secret-4711"}', '"apiKey": '],
  ['a list', '["sk-secret-4711"]', 'does not hold what is needed'],
])('a file with %s is refused without its content', async (_name, content, words) => {
  await writeFile(join(directory, 'c.json'), content)
  const refused = await reading({ credential: 'c.json' }).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    code: 'usage',
    message: expect.stringContaining(words) as string,
  })
  expect(JSON.stringify(refused)).not.toContain(secret)
})
