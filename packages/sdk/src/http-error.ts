import type { HttpResponse } from './proxy-configuration.js'

const shownBody = 500

/**
 * A provider call that failed: `response` is the answer outside 2xx, or undefined when none arrived
 * (then `code` says why, such as `timeout` or `connection-refused`).
 */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly isAxiosError = true
  readonly code: string
  readonly status: number | undefined
  readonly response: HttpResponse | undefined

  constructor(details: { message: string; code: string; response?: HttpResponse }) {
    super(details.message)
    this.code = details.code
    this.status = details.response?.status
    this.response = details.response
  }
}

/** The error for an answer outside 2xx. `call` reads like `GET /contacts`. */
export function errorForAnswer(call: string, response: HttpResponse): HttpError {
  const text =
    typeof response.data === 'string' ? response.data : (JSON.stringify(response.data) ?? '')
  const shown = text.length > shownBody ? `${text.slice(0, shownBody)}...` : text
  const code = response.status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE'
  const message = `${call} was answered with status ${response.status}${shown === '' ? '.' : `: ${shown}`}`
  return new HttpError({ message, code, response })
}
