import { googleError } from '../google/google-error.js'
import type { GoogleFailure } from '../google/google-error.js'
import type { AccountAnswer } from '../server/account-request.js'

/** Ends an operation with one of Google's error answers. */
export class Refusal extends Error {
  readonly answer: AccountAnswer
  constructor(failure: GoogleFailure) {
    super(failure.message)
    this.answer = googleError(failure)
  }
}

export const notFound = () => new Refusal({ code: 404, reason: 'notFound', message: 'Not Found' })

export const invalid = (message: string, parameter?: string) =>
  new Refusal({
    code: 400,
    reason: 'invalid',
    message,
    ...(parameter ? { location: { locationType: 'parameter', location: parameter } } : {}),
  })

export const missing = (message: string) => new Refusal({ code: 400, reason: 'required', message })

export const badRequest = (message: string) =>
  new Refusal({ code: 400, reason: 'badRequest', message })

export const gone = (reason: string, message: string) => new Refusal({ code: 410, reason, message })

export const forbidden = (message: string) =>
  new Refusal({ code: 403, reason: 'forbidden', message })
