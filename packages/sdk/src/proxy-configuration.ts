export type HttpMethod =
  'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'PROPFIND' | 'REPORT'
type AnyCase<T extends string> = T | Lowercase<T>

export type QueryValue = string | number | boolean | null | undefined
/** Lists are joined with commas; null and undefined are left out. */
export type QueryParams = {
  readonly [name: string]:
    QueryValue | readonly QueryValue[] | { readonly [key: string]: QueryValue }
}

type PaginationMembers = {
  /** Records per page. */
  readonly limit?: number
  readonly limit_name_in_request?: string
  /** Dotted path to the records in the answer; without it the answer itself must be a list. */
  readonly response_path?: string
  /** Cursor, offset and limit go into the body. Default for POST, PUT and PATCH; dotted names expand. */
  readonly in_body?: boolean
  /** Called for every page before its records are yielded. */
  readonly on_page?: (page: {
    readonly nextPageParam: string | number | undefined
    readonly response: HttpResponse
  }) => Promise<void> | void
}

export type CursorPagination = PaginationMembers & {
  readonly type: 'cursor'
  readonly cursor_name_in_request: string
  readonly cursor_path_in_response: string
}

export type LinkPagination = PaginationMembers & {
  readonly type: 'link'
  readonly link_rel_in_response_header?: string
  readonly link_path_in_response_body?: string
}

export type OffsetPagination = PaginationMembers & {
  readonly type: 'offset'
  readonly offset_name_in_request: string
  /** Default 0. */
  readonly offset_start_value?: number
  /** `by-response-size` (default) counts records, `per-page` counts pages. */
  readonly offset_calculation_method?: 'by-response-size' | 'per-page'
}

export type PaginationOptions = CursorPagination | LinkPagination | OffsetPagination

/** What is given to `paginate`; it is merged over the provider's default. */
export type PaginationOverride =
  | PaginationOptions
  | Partial<Omit<CursorPagination, 'type'>>
  | Partial<Omit<LinkPagination, 'type'>>
  | Partial<Omit<OffsetPagination, 'type'>>

declare const instead: unique symbol
/** No value has this type: the compiler's message names the option that was meant. */
interface UseInstead<Option extends string> {
  readonly [instead]: Option
}

/** Options of other HTTP clients, which would be ignored here. */
type OptionsElsewhere = {
  readonly url?: UseInstead<'endpoint'>
  readonly path?: UseInstead<'endpoint'>
  readonly query?: UseInstead<'params'>
  readonly body?: UseInstead<'data'>
  readonly json?: UseInstead<'data'>
  readonly baseURL?: UseInstead<'baseUrlOverride'>
}

/** One call of the provider's API. */
export type ProxyConfiguration = OptionsElsewhere & {
  /** Path below the provider's base URL; a leading slash makes no difference. */
  readonly endpoint: string
  readonly method?: AnyCase<HttpMethod>
  readonly headers?: Readonly<Record<string, string | number | boolean | undefined>>
  /** A query string, names with values, or pairs such as URLSearchParams. */
  readonly params?: string | QueryParams | Iterable<readonly [string, string]>
  /** JSON unless the content type says form or multipart; text, bytes and FormData as they are. */
  readonly data?: unknown
  /** How often to try again. Default 0, at most 10. */
  readonly retries?: number
  /** Statuses that are retried beside 429 and 5xx. */
  readonly retryOn?: readonly number[] | null
  /** Headers that say when to try again: `at` a moment, `after` a delay in seconds. */
  readonly retryHeader?: {
    readonly at?: string | readonly string[]
    readonly after?: string | readonly string[]
  }
  /** Statuses outside 2xx that are returned instead of thrown: the honest way to accept a 404. */
  readonly expectedStatus?: readonly number[]
  /** Another base URL; it must be one of the provider's hosts. */
  readonly baseUrlOverride?: string
  readonly responseType?: 'json' | 'text' | 'arraybuffer' | 'blob' | 'stream'
  /** Accepted for compatibility: answers always arrive decompressed. */
  readonly decompress?: boolean | string
  /** Used by `paginate` only. */
  readonly paginate?: PaginationOverride
  /** Another connection of the same owner; needs `providerConfigKey` too. */
  readonly connectionId?: string
  readonly providerConfigKey?: string
}

export type HttpResponse<T = unknown> = {
  readonly data: T
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}
