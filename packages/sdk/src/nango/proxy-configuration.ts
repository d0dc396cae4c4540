/* eslint-disable @typescript-eslint/no-explicit-any -- existing functions read answers without parsing them */

type Page = {
  nextPageParam?: string | number | undefined
  response: NangoResponse
}

type PaginationBase = {
  /** Records per page. */
  limit?: number | string
  /** Dotted path to the records in the answer. */
  response_path?: string
  limit_name_in_request: string
  /** Cursor, offset and limit go into the body. Default for POST, PUT and PATCH. */
  in_body?: boolean
  /** Called for every page before its records are yielded. */
  on_page?: (page: Page) => Promise<void>
}

export type CursorPagination = PaginationBase & {
  type: 'cursor'
  cursor_path_in_response: string
  cursor_name_in_request: string
}

export type LinkPagination = PaginationBase & {
  type: 'link'
  link_rel_in_response_header?: string
  link_path_in_response_body?: string
}

export type OffsetPagination = PaginationBase & {
  type: 'offset'
  offset_name_in_request: string
  /** Default 0. */
  offset_start_value?: number
  offset_calculation_method?: 'per-page' | 'by-response-size'
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'PROPFIND' | 'REPORT'

/** One call of the provider's API. */
export type ProxyConfiguration = {
  /** Path below the provider's base URL; a leading slash makes no difference. */
  endpoint: string
  /** Another integration; together with `connectionId`. */
  providerConfigKey?: string
  connectionId?: string
  /** Default GET. */
  method?: Method | Lowercase<Method>
  headers?: Record<string, string>
  /** A query string, or names with values; lists are joined with commas. */
  params?: string | Record<string, string | number | string[] | number[]>
  /** JSON unless the content type says form or multipart; text and bytes as they are. */
  data?: unknown
  /** How often to try again. Default 0, at most 10. */
  retries?: number
  /** Statuses that are retried beside 429 and 5xx. */
  retryOn?: number[] | null
  /** Headers that say when to try again: `at` a moment, `after` a delay in seconds. */
  retryHeader?: {
    at?: string[] | string
    after?: string[] | string
    remaining?: string
    error_code?: string[]
    in_body?: { path: string; value?: string; strategy: 'at' | 'after' }
  }
  baseUrlOverride?: string | undefined
  responseType?: 'arraybuffer' | 'blob' | 'document' | 'json' | 'text' | 'stream' | undefined
  /** Answers always arrive decompressed. */
  decompress?: boolean | string
  /** The gateway decides which headers follow a redirect: credentials never leave their origin. */
  forwardHeadersOnRedirect?: boolean
  /** Used by `paginate` only; merged over the provider's default. */
  paginate?: Partial<CursorPagination> | Partial<LinkPagination> | Partial<OffsetPagination>
  /** Statuses outside 2xx that are returned instead of thrown. */
  expectedStatus?: number[]
}

export type NangoResponse<T = any> = {
  data: T
  status: number
  statusText: string
  /** Lower-case names. */
  headers: Record<string, any>
  config: any
  request?: any
}
