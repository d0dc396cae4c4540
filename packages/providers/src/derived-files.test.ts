import { readFile } from 'node:fs/promises'
import { providerSchema } from '@plumb/protocol'
import { expect, test } from 'vitest'
import {
  builtCatalog,
  deriveOAuthEndpoints,
  loadProviders,
  oauthEndpointsFile,
  paginationDefaults,
  paginationDefaultsFile,
  providerJsonSchema,
  readCatalog,
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

test('the catalog that is built names its files from the package on', async () => {
  const built = builtCatalog(await readCatalog())
  expect(built.length).toBe((await loadProviders()).size)
  expect(built.find(({ provider }) => provider.name === 'slack')).toMatchObject({
    path: 'catalog/slack.yaml',
    apiDescription: 'catalog/slack/api.json',
  })
})

test('the published OAuth endpoints are those of the package they come from', async () => {
  const known = async (name: string) =>
    (await read(new URL(import.meta.resolve(`grant/config/${name}.json`)))) as Parameters<
      typeof deriveOAuthEndpoints
    >[0]
  const published = await read(oauthEndpointsFile)
  expect(published).toEqual(deriveOAuthEndpoints(await known('oauth'), await known('profile')))
})

test('an API of which only the OAuth endpoints are known is an entry, unless the catalog has it', async () => {
  const loaded = await loadProviders()
  expect(loaded.size).toBeGreaterThan(290)
  const thin = loaded.get('aha')
  expect(thin).toMatchObject({ tier: 'endpoints', provider: { auth: { mode: 'oauth2' } } })
  expect(thin?.provider.proxy.baseUrl).toBe('https://${connectionConfig.subdomain}.aha.io')
  expect(thin?.provider.connectionConfig).toHaveProperty('subdomain')
  expect(loaded.get('hubspot')?.tier).toBeUndefined()
  for (const { provider } of loaded.values())
    expect(providerSchema.parse(provider)).toEqual(provider)
})
