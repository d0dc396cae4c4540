import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadApiDescription } from './load-api-description.js'

const openapi = (paths: unknown, rest: object = {}): object => ({
  openapi: '3.0.0',
  info: { title: 'T', version: '1' },
  paths,
  ...rest,
})

describe('sources', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-description-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('a normalised document is cached by content, and a damaged entry is made again', async () => {
    const file = join(folder, 'api.json')
    const cacheDir = join(folder, 'cache')
    await writeFile(file, JSON.stringify(openapi({ '/a': { get: { responses: {} } } })))
    const first = await loadApiDescription(file, { cacheDir })
    const [entry = ''] = await readdir(cacheDir)
    expect(await loadApiDescription(file, { cacheDir })).toEqual(first)
    await writeFile(join(cacheDir, entry), '{"broken')
    expect(await loadApiDescription(file, { cacheDir })).toEqual(first)
    await loadApiDescription(file, { cacheDir, baseUrl: 'https://other.test' })
    expect(await readdir(cacheDir)).toHaveLength(2)
  })

  test('a missing file and one that is too large are told', async () => {
    const file = join(folder, 'api.json')
    await expect(loadApiDescription(file)).rejects.toMatchObject({
      code: 'api-description-missing',
    })
    await writeFile(file, JSON.stringify(openapi({})))
    await expect(loadApiDescription(file, { maxBytes: 10 })).rejects.toThrow('larger than 10 bytes')
  })

  test('a URL is fetched, its relative server resolved, its size bounded, its failure told', async () => {
    const body = JSON.stringify(
      openapi({ '/a': { get: { responses: {} } } }, { servers: [{ url: '/v1' }] }),
    )
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/api.json' ? 200 : 404
      response.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      expect((await loadApiDescription(`${origin}/api.json`)).baseUrl).toBe(`${origin}/v1`)
      await expect(loadApiDescription(`${origin}/api.json`, { maxBytes: 20 })).rejects.toThrow(
        'larger than 20 bytes',
      )
      await expect(loadApiDescription(`${origin}/other`)).rejects.toThrow(
        'answered with status 404',
      )
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
    await expect(loadApiDescription(`${origin}/api.json`)).rejects.toMatchObject({
      code: 'api-description-missing',
    })
  })
})
