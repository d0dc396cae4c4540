import * as sdk from '@plumb/sdk'
import * as testing from '@plumb/sdk/testing'
import { readFileSync } from 'node:fs'
import * as zod from 'zod'
import { catalogMocks } from './catalog-mocks.js'
import type { PaginationDefaults } from './catalog-mocks.js'
import { compatCatalog } from './compat-catalog.js'

const names = {
  zod: ['zod', 'zod/v4'],
  sdk: ['nango', '@plumb/sdk', '@plumb/sdk/nango'],
  testing: ['nango/test', '@plumb/sdk/test', '@plumb/sdk/testing'],
  catalog: ['@nangohq/providers'],
}

/** Modules that a project imports and need not install, by name. `paginationFile`: JSON of defaults by provider. */
export function providedModules(paginationFile: string): Map<string, object> {
  const defaults = JSON.parse(readFileSync(paginationFile, 'utf8')) as PaginationDefaults
  const catalog = compatCatalog(defaults)
  const mocks = catalogMocks(catalog.paginationOf)
  const of = {
    zod: asModule(zod),
    sdk: asModule(sdk),
    testing: asModule({ ...testing, ...mocks }),
    catalog: asModule(catalog.module),
  }
  return new Map([
    ...names.zod.map((name) => [name, of.zod] as const),
    ...names.sdk.map((name) => [name, of.sdk] as const),
    ...names.testing.map((name) => [name, of.testing] as const),
    ...names.catalog.map((name) => [name, of.catalog] as const),
  ])
}

function asModule(namespace: object): object {
  return Object.defineProperty({ ...namespace }, '__esModule', { value: true })
}
