import { leafName } from './leaves.js'

/** How an API says with a 200 that a call failed: by a flag in the body, or by its errors. */
export type SoftError = {
  readonly body: string
  readonly text: string
  /** A word such as `status: "ok"` may as well belong to what was asked for; errors can only be errors. */
  readonly sure: boolean
}

export const softFailure = { code: 'internal_error', message: 'Internal error' }

const errorNames = /^(errors?|failures?|errcode|errno|errorcode|errormessages?|usererrors)$/

export function namesErrors(name: string): boolean {
  return errorNames.test(leafName([name]))
}
