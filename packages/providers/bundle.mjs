// Writes what is derived from the catalog and its schema; `derived-files.test.ts` fails when they are stale.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  builtCatalog,
  deriveOAuthEndpoints,
  paginationDefaults,
  providerJsonSchema,
  readCatalog,
} from './dist/index.js'

const here = dirname(fileURLToPath(import.meta.url))

export async function bundle() {
  await writeJson(
    'oauth-endpoints.json',
    deriveOAuthEndpoints(
      await readJson(import.meta.resolve('grant/config/oauth.json')),
      await readJson(import.meta.resolve('grant/config/profile.json')),
    ),
  )
  const catalog = await readCatalog()
  await writeJson('dist/catalog.json', builtCatalog(catalog))
  await writeJson('pagination-defaults.json', paginationDefaults(catalog))
  await writeJson('provider.schema.json', providerJsonSchema())
}

async function readJson(url) {
  return JSON.parse(await readFile(new URL(url), 'utf8'))
}

/** Whole or not at all, and only when it changed: others may be reading. */
async function writeJson(name, value) {
  const path = join(here, name)
  const before = await readFile(path, 'utf8').then(JSON.parse, () => undefined)
  if (JSON.stringify(before) === JSON.stringify(value)) return
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.${process.pid}`, path)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
