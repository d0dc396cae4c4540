import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { verify } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeys } from './open-keys.js'

let directory: string

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'plumb-keys-')), 'keys')
})
afterEach(() => rm(join(directory, '..'), { recursive: true }))

const permissions = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('keys are made once, for their owner alone, and are the same the next time', async () => {
  const first = await openKeys(directory)
  expect(await permissions(directory)).toBe('700')
  const names = await readdir(directory)
  expect(names.sort()).toEqual(['master.key', 'signing.pem'])
  for (const name of names) expect(await permissions(join(directory, name))).toBe('600')
  const second = await openKeys(directory)
  expect(second.decrypt(first.encrypt('secret'))).toBe('secret')
  expect(second.signer.keyId).toBe(first.signer.keyId)
})

test('many that open the keys at once get the same ones', async () => {
  const all = await Promise.all(Array.from({ length: 16 }, () => openKeys(directory)))
  expect(new Set(all.map(({ signer }) => signer.keyId)).size).toBe(1)
  const sealed = all[0]?.encrypt('x') ?? ''
  expect(all.map((keys) => keys.decrypt(sealed))).toEqual(all.map(() => 'x'))
  expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a signature can be checked with the public key of its id', async () => {
  const { signer, publicKeys } = await openKeys(directory)
  const key = publicKeys.get(signer.keyId)
  if (key === undefined) throw new Error('no key')
  const check = (text: string) =>
    verify(null, Buffer.from(text), key, Buffer.from(signer.sign('abc'), 'base64'))
  expect([check('abc'), check('abd')]).toEqual([true, false])
})

test('the same text is sealed differently each time and shows nothing of itself', async () => {
  const keys = await openKeys(directory)
  const [a, b] = [keys.encrypt('tok-secret-4711', 'c'), keys.encrypt('tok-secret-4711', 'c')]
  expect(a).not.toBe(b)
  expect(a).not.toContain('tok-secret')
  expect(a.startsWith('plumb1.')).toBe(true)
})

test('a sealed text opens only for what it belongs to', async () => {
  const keys = await openKeys(directory)
  const sealed = keys.encrypt('x', 'github/a')
  expect(keys.decrypt(sealed, 'github/a')).toBe('x')
  expect(() => keys.decrypt(sealed, 'github/b')).toThrow(
    '"github/b" was changed, or belongs to something else',
  )
})

test('each changed character of a sealed text is noticed', async () => {
  const keys = await openKeys(directory)
  const sealed = keys.encrypt('some text', 'c')
  for (let index = 0; index < sealed.length; index++) {
    const flipped = sealed[index] === 'A' ? 'Q' : 'A'
    const changed = sealed.slice(0, index) + flipped + sealed.slice(index + 1)
    // The last bits of base64 may stand for nothing; then nothing was changed.
    if (Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'))) continue
    expect(() => keys.decrypt(changed, 'c'), `character ${index}`).toThrow()
  }
})

test('keys of another folder open nothing, and both ids are told', async () => {
  const other = await openKeys(join(directory, 'other'))
  const keys = await openKeys(directory)
  expect(() => keys.decrypt(other.encrypt('x'))).toThrow(
    /encrypted with key [0-9a-f]{16}; this is key [0-9a-f]{16}/,
  )
  expect(() => keys.decrypt('plain')).toThrow('is not encrypted; "plumb1" is expected')
})

test.each(['master.key', 'signing.pem'])(
  'a %s that others may read is refused with the command that helps',
  async (name) => {
    await openKeys(directory)
    const path = join(directory, name)
    await chmod(path, 0o644)
    await expect(openKeys(directory)).rejects.toMatchObject({
      code: 'keys-invalid',
      message: expect.stringContaining(`"${path}" has permissions 644`),
      remedy: `Run: chmod 600 "${path}"`,
    })
  },
)

test('a folder that others may enter is refused', async () => {
  await openKeys(directory)
  await chmod(directory, 0o750)
  await expect(openKeys(directory)).rejects.toMatchObject({
    remedy: `Run: chmod 700 "${directory}"`,
  })
})

test.each([
  ['master.key', 'garbage', '7 characters'],
  ['master.key', '', '0 characters'],
  ['signing.pem', 'garbage', 'no private key in PEM form'],
])('a %s that holds "%s" is refused and not replaced', async (name, content, words) => {
  await openKeys(directory)
  const path = join(directory, name)
  await writeFile(path, content)
  await expect(openKeys(directory)).rejects.toThrow(words)
  expect(await readFile(path, 'utf8')).toBe(content)
})

test('a folder that can not be made is named', async () => {
  const file = join(directory, '..', 'file')
  await writeFile(file, '')
  await expect(openKeys(join(file, 'keys'))).rejects.toThrow(
    `"${join(file, 'keys')}" can not be made`,
  )
})
