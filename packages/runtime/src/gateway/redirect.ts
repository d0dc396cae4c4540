import type { Plan } from './prepare-request.js'
import type { TransportAnswer } from './transport.js'

const maxHops = 5

type Hop = Pick<Plan, 'url' | 'method' | 'headers' | 'body'>

/**
 * The request that a redirect asks for, or null when the answer is to be handed on. Another origin is never
 * followed: it must not see the credential, and is not one of the connection's hosts.
 */
export function nextHop(from: Hop, answer: TransportAnswer, hops: number): Hop | null {
  if (answer.kind !== 'response' || hops >= maxHops) return null
  if (![301, 302, 303, 307, 308].includes(answer.status)) return null
  const location = answer.headers['location']
  if (location === undefined || !URL.canParse(location, from.url.href)) return null
  const url = new URL(location, from.url)
  if (url.origin !== from.url.origin) return null
  url.hash = ''
  const keeps = answer.status >= 307 || from.method === 'GET' || from.method === 'HEAD'
  if (keeps) return { url, method: from.method, headers: from.headers, body: from.body }
  const headers = { ...from.headers }
  delete headers['content-type']
  return { url, method: 'GET', headers, body: null }
}
