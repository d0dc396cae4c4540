type ResponseClass = typeof Response

let kept: PropertyDescriptor | undefined
/** Statuses whose answer may not have a body, not even an empty one. */
const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304])

let loaded: ResponseClass | null = null

/** Functions run without the global: what it was is kept before it is taken away. */
export function keepResponse(): void {
  kept = Object.getOwnPropertyDescriptor(globalThis, 'Response')
}

/** Loaded at the first use: the class brings Node's whole HTTP client along. */
function responseClass(): ResponseClass {
  if (loaded !== null) return loaded
  const hidden = Object.getOwnPropertyDescriptor(globalThis, 'Response') === undefined
  // Node's getter defines the global anew; one that stands there already can be removed again.
  if (hidden) Object.defineProperty(globalThis, 'Response', { configurable: true, writable: true })
  if (!hidden) keepResponse()
  loaded = (kept?.get?.call(globalThis) ?? kept?.value) as ResponseClass
  if (hidden) Reflect.deleteProperty(globalThis, 'Response')
  return loaded
}

/** The standard `Response` for an answer that the host received. */
export function fetchResponse(answer: {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}): Response {
  const { url, status, headers, body } = answer
  const response = new (responseClass())(bodiless.has(status) ? null : body, { status, headers })
  return Object.defineProperty(response, 'url', { value: url })
}
