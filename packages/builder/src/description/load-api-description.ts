import { createHash } from 'node:crypto'
import type { ApiDescription, Pagination } from '@plumb/protocol'
import { readCached, writeCached } from './description-cache.js'
import type { ApiDocument } from './document.js'
import { documentError, own, scalarText, textOf } from './document.js'
import { inferIncremental } from './infer-incremental.js'
import { inferPagination } from './infer-pagination.js'
import { normaliseDiscovery } from './normalise-discovery.js'
import { normaliseOpenApi } from './normalise-openapi.js'
import { normaliseSwagger } from './normalise-swagger.js'
import type { NormalisedDocument } from './normalised-document.js'
import { withUniqueIds } from './raw-operation.js'
import type { ReadOptions } from './read-document.js'
import { parseApiDocument, readSource } from './read-document.js'
import { pathShift, shiftPath } from './relative-paths.js'

export type LoadOptions = ReadOptions & {
  /** The provider's base URL; operation paths are made relative to it. */
  readonly baseUrl?: string
  /** The provider's usual way of paging, used where an operation fits it. */
  readonly pagination?: Pagination
  /** Folder for normalised descriptions, keyed by the document's content; not cached without it. */
  readonly cacheDir?: string
}

/**
 * Reads an OpenAPI 3, Swagger 2 or Google Discovery document (JSON or YAML; file or URL) into one form.
 * Throws `api-description-missing` when it cannot be read and `api-description-invalid` when it is malformed.
 */
export async function loadApiDescription(
  source: string,
  options: LoadOptions = {},
): Promise<ApiDescription> {
  const text = await readSource(source, options)
  if (options.cacheDir === undefined) return parseApiDescription(source, text, options)
  const key = cacheKey(text, options)
  const known = await readCached(options.cacheDir, key)
  if (known !== null) return known
  const description = parseApiDescription(source, text, options)
  await writeCached(options.cacheDir, key, description)
  return description
}

/** Part of every cache key: raised when the normalised form changes. */
const formVersion = 1

function cacheKey(text: string, options: LoadOptions): string {
  const settings = JSON.stringify([
    formVersion,
    options.baseUrl ?? null,
    options.pagination ?? null,
  ])
  return createHash('sha256').update(settings).update('\n').update(text).digest('hex')
}

/** The same for text that is already at hand; `source` names it in errors. */
export function parseApiDescription(
  source: string,
  text: string,
  options: LoadOptions = {},
): ApiDescription {
  const document = parseApiDocument(source, text)
  const normalised = normaliseDocument(document)
  const baseUrl = absolute(normalised.baseUrl, source)
  const shift =
    options.baseUrl === undefined ? null : pathShift(options.baseUrl, normalised.baseUrl)
  const { schemas } = normalised
  const operations = withUniqueIds(normalised.operations).map(({ linkHeader, ...operation }) => ({
    ...operation,
    path: shift === null ? operation.path : shiftPath(operation.path, shift),
    pagination: inferPagination({ ...operation, linkHeader }, schemas, options.pagination),
    incrementalParameter: inferIncremental({ ...operation, linkHeader }, schemas),
  }))
  if (operations.length === 0) {
    throw documentError(source, '#/paths', { message: 'describes no operation' })
  }
  const { title, version } = normalised
  return { title, version, baseUrl: options.baseUrl ?? baseUrl, operations, schemas }
}

function normaliseDocument(document: ApiDocument): NormalisedDocument {
  const { root } = document
  const openapi = textOf(own(root, 'openapi'))
  if (openapi.startsWith('3.')) return normaliseOpenApi(document)
  if (/^2/.test(scalarText(own(root, 'swagger')))) return normaliseSwagger(document)
  if (
    textOf(own(root, 'kind')) === 'discovery#restDescription' ||
    own(root, 'discoveryVersion') !== undefined
  ) {
    return normaliseDiscovery(document)
  }
  const found =
    openapi === ''
      ? 'none of "openapi", "swagger" and "discoveryVersion"'
      : `"openapi": "${openapi}"`
  throw documentError(document.source, '', {
    message: `is not an API description that Plumb reads: it has ${found}`,
    remedy: 'Give an OpenAPI 3.0 or 3.1, Swagger 2 or Google Discovery document.',
  })
}

function absolute(url: string | null, source: string): string | null {
  if (url === null) return null
  if (/^https?:\/\//i.test(url)) return url
  if (!/^https?:\/\//i.test(source) || !URL.canParse(url, source)) return null
  return new URL(url, source).href
}
