import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  loadProviders,
  paginationDefaults,
  paginationDefaultsFile,
  providerJsonSchema,
} from './index.js'

const read = async (path: string | URL): Promise<unknown> =>
  JSON.parse(await readFile(path, 'utf8'))

test('the published JSON Schema is the one the loader checks with', async () => {
  const published = await read(new URL('../provider.schema.json', import.meta.url))
  expect(published).toEqual(providerJsonSchema())
})

test('the published pagination defaults are those of the catalog, variants included', async () => {
  const published = await read(paginationDefaultsFile)
  expect(published).toEqual(paginationDefaults(await loadProviders()))
  expect(published).toMatchObject({
    github: { type: 'link', link_rel_in_response_header: 'next' },
    outlook: { type: 'link', link_path_in_response_body: '@odata.nextLink' },
  })
  expect(published).not.toHaveProperty('linear')
})
