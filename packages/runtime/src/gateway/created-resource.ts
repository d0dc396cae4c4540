import { jsonIn, valueAt } from './body-value.js'
import type { Answer } from './access-rule.js'

export type CreatedResource = {
  /** Absolute URL where the resource can be read or deleted, as far as the answer tells. */
  readonly url: string
  readonly resourceId: string | null
}

/** What a successful write created, or null when its answer names nothing new. `url` is that of the request. */
export function createdResource(
  request: { readonly method: string; readonly url: string; readonly body?: Buffer | null },
  answer: Answer,
): CreatedResource | null {
  if (!creates(request.method, answer.status)) return null
  const here = new URL(request.url)
  here.search = ''
  const json = jsonIn(answer.body)
  const resourceId = idIn(json)
  const linked = linkedUrl(answer, json, here)
  // A write to a resource that its own path names already was an update.
  if (resourceId !== null && here.pathname.split('/').some((step) => sameId(step, resourceId))) {
    return null
  }
  if (resourceId !== null && isCalledWith(here, request.body ?? null, resourceId)) return null
  if (linked !== null) return { url: linked, resourceId }
  if (resourceId === null) return null
  const path = request.method === 'PUT' ? '' : `/${encodeURIComponent(resourceId)}`
  return { url: here.href.replace(/\/+$/, '') + path, resourceId }
}

function creates(method: string, status: number): boolean {
  if (method === 'POST') return status >= 200 && status < 300
  return method === 'PUT' && status === 201
}

/** APIs that call methods (`/rooms.setTopic`) name in the body what they change. */
function isCalledWith({ pathname }: URL, body: Buffer | null, resourceId: string): boolean {
  if (body === null || !/\/[^/.]+\.[^/.]+$/.test(pathname)) return false
  const texts: unknown[] = [...new URLSearchParams(body.toString()).values()]
  const members: unknown[] = Object.values(objectIn(body))
  return [...texts, ...members].includes(resourceId)
}

function objectIn(body: Buffer): object {
  const value = jsonIn(body)
  return typeof value === 'object' && value !== null ? value : {}
}

function sameId(step: string, resourceId: string): boolean {
  return step === resourceId || step === encodeURIComponent(resourceId)
}

function linkedUrl(answer: Answer, json: unknown, here: URL): string | null {
  const candidates = [
    answer.headers['location'],
    ...['url', 'self', 'selfLink'].map((name) => valueAt(json, name)),
  ]
  for (const candidate of candidates) {
    if (typeof candidate !== 'string' || !URL.canParse(candidate, here.href)) continue
    const url = new URL(candidate, here)
    if (url.origin === here.origin) return url.href
  }
  return null
}

/** The `id` of the answer, or of the one object it wraps (`{ channel: { id } }`). */
function idIn(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null
  const direct = asId((json as Record<string, unknown>)['id'])
  if (direct !== null) return direct
  const inner = Object.values(json).map((value) => asId(valueAt(value, 'id')))
  return inner.find((id) => id !== null) ?? null
}

function asId(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
