/*
 * Types of packages that functions may name without having them installed. Whatever a function does with a value of
 * such a package is allowed; what is typed are the callbacks, so that their parameters need no annotation.
 */

const axios = `
  export type AxiosHeaderValue = any
  export type RawAxiosRequestHeaders = Record<string, any>
  export type RawAxiosResponseHeaders = Record<string, any>
  export type AxiosRequestHeaders = Record<string, any>
  export type AxiosResponseHeaders = Record<string, any>
  export type AxiosHeaders = Record<string, any>
  export type Method = string
  export type ResponseType = string
  export type AxiosRequestConfig<D = any> = { data?: D } & Record<string, any>
  export type InternalAxiosRequestConfig<D = any> = { data?: D } & Record<string, any>
  export interface AxiosResponse<T = any, D = any> {
    data: T
    status: number
    statusText: string
    headers: Record<string, any>
    config: AxiosRequestConfig<D>
    request?: any
  }
  export interface AxiosError<T = any, D = any> extends Error {
    config?: AxiosRequestConfig<D>
    code?: string
    request?: any
    response?: AxiosResponse<T, D>
    isAxiosError: boolean
    status?: number
    toJSON(): object
  }
  export type AxiosPromise<T = any> = Promise<AxiosResponse<T>>
  export type AxiosInstance = any
  export type AxiosStatic = any
`

const unzipper = `
  export interface File {
    path: string
    type: string
    compressedSize: number
    uncompressedSize: number
    lastModifiedDateTime: Date
    [member: string]: any
    stream(password?: string): any
    buffer(password?: string): Promise<Buffer>
  }
  export interface CentralDirectory {
    files: File[]
    numberOfRecords: number
    [member: string]: any
    extract(options?: any): Promise<void>
  }
  export interface Entry {
    path: string
    type: string
    vars: any
    extra: any
    [member: string]: any
    buffer(): Promise<Buffer>
    autodrain(): any
    on(event: string, listener: (...values: any[]) => void): this
    pipe(target: any, options?: any): any
  }
  export interface ParseStream {
    [member: string]: any
    promise(): Promise<void>
    on(event: 'entry', listener: (entry: Entry) => void): this
    on(event: string, listener: (...values: any[]) => void): this
    pipe(target: any, options?: any): any
    [Symbol.asyncIterator](): AsyncIterator<any>
  }
  export const Open: {
    buffer(data: Buffer | Uint8Array, options?: any): Promise<CentralDirectory>
    file(path: string, options?: any): Promise<CentralDirectory>
    url(request: any, options?: any, zipOptions?: any): Promise<CentralDirectory>
    custom(source: any, options?: any): Promise<CentralDirectory>
    [member: string]: any
  }
  export function Parse(options?: any): ParseStream
  export function ParseOne(pattern?: RegExp, options?: any): any
  export function Extract(options?: any): ParseStream
  export function BufferStream(entry: any): Promise<Buffer>
  const unzipper: {
    Open: typeof Open
    Parse: typeof Parse
    ParseOne: typeof ParseOne
    Extract: typeof Extract
    BufferStream: typeof BufferStream
    [member: string]: any
  }
  export default unzipper
`

const declared: Readonly<Record<string, string>> = { axios, unzipper }

/** Packages whose types existing functions import because another package used to bring them along. */
export const packagesForTypes: readonly string[] = [
  'axios',
  'type-fest',
  '@nangohq/node',
  '@nangohq/providers',
  '@nangohq/runner-sdk',
  '@nangohq/types',
]

/** Whether everything of an absent package has any type, because nothing is known of it. */
export function isUntyped(name: string): boolean {
  return declared[name] === undefined
}

/** The text of a declaration file for packages that are not installed. */
export function declarationsOf(absent: readonly string[]): string {
  return absent.map(declarationOf).join('')
}

function declarationOf(name: string): string {
  const body = declared[name]
  const below = `declare module ${JSON.stringify(`${name}/*`)};\n`
  if (body === undefined) return `declare module ${JSON.stringify(name)};\n${below}`
  return `declare module ${JSON.stringify(name)} {${body}}\n${below}`
}
