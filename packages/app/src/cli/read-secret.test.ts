import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readSecret } from './read-secret.js'

function source(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY })
  const shown: string[] = []
  const stop = new AbortController()
  return { input, shown, stop, show: (text: string) => shown.push(text), signal: stop.signal }
}

async function piped(...chunks: readonly (string | Buffer)[]): Promise<string> {
  const from = source(false)
  const secret = readSecret('Value of KEY', from)
  for (const chunk of chunks) from.input.write(chunk)
  from.input.end()
  return secret.finally(() => expect(from.shown).toEqual([]))
}

test('a pipe is read to its end, but for the line break there', async () => {
  expect(await piped('hun', 'ter2\n')).toBe('hunter2')
  expect(await piped('hunter2\r\n')).toBe('hunter2')
  expect(await piped('-----BEGIN\nabc\n-----END\n\n')).toBe('-----BEGIN\nabc\n-----END\n')
  const [first, ...rest] = Buffer.from('ü')
  expect(await piped(Buffer.from([first ?? 0]), Buffer.from(rest))).toBe('ü')
})

test('an empty pipe and an endless one are refused', async () => {
  for (const nothing of ['', '\n']) {
    await expect(piped(nothing)).rejects.toMatchObject({
      ...{ code: 'usage', message: 'Standard input is empty.' },
    })
  }
  const from = source(false)
  const secret = readSecret('Value of KEY', from)
  for (let n = 0; n < 11; n += 1) from.input.write('x'.repeat(100_000))
  await expect(secret).rejects.toMatchObject({ code: 'usage' })
})

test('what is typed is not shown, and can be corrected', async () => {
  const from = source(true)
  const secret = readSecret('Value of \u001b[2JKEY', from)
  from.input.write('hunter3\u007f2\r')
  expect(await secret).toBe('hunter2')
  expect(from.shown.join('')).toBe('Value of  [2JKEY (not shown): \n')
})

test.each(['\u0003', '\u0004'])('control key %j stops it', async (key) => {
  const from = source(true)
  const secret = readSecret('Value of KEY', from)
  from.input.write(key)
  await expect(secret).rejects.toMatchObject({ name: 'AbortError' })
})

test('a command that is stopped waits for nobody', async () => {
  for (const from of [source(true), source(false)]) {
    const secret = readSecret('Value of KEY', from)
    from.stop.abort()
    await expect(secret).rejects.toMatchObject({ name: 'AbortError' })
  }
})
