import type { AccessRule, Provider } from '@plumb/protocol'
import type { Recording } from '@plumb/runtime'
import { mapLeaves } from './leaves.js'
import { withAt } from './list-in-answer.js'
import { jsonOf } from './response-leaves.js'

/** Makes the body of an error, as APIs write it. */
export type ErrorShape = (error: ErrorText) => unknown

type ErrorText = { readonly status: number; readonly message: string; readonly code: string }

/** Reasons as APIs give them; nothing tells them from those of the account. */
const reasons: Readonly<Record<number, readonly [string, string]>> = {
  400: ['bad_request', 'Bad Request'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not Found'],
  409: ['conflict', 'Conflict'],
  410: ['gone', 'Gone'],
  422: ['unprocessable_entity', 'Validation Failed'],
  429: ['rate_limited', 'Too Many Requests'],
  500: ['internal_error', 'Internal Server Error'],
  503: ['unavailable', 'Service Unavailable'],
}

/** The first has most of the members that any error has. */
const shapes: readonly ErrorShape[] = [
  ({ status, message, code }) => ({
    message,
    error: { code, status, message },
    errors: [{ message }],
  }),
  ({ code }) => ({ error: code }),
  ({ message }) => ({ message }),
  ({ status, message }) => ({ error: { code: status, message } }),
  ({ status, message, code }) => ({
    errors: [{ status: String(status), code, title: message, detail: message }],
  }),
  ({ code, message }) => ({ ok: false, error: code, detail: message }),
  ({ code, message }) => ({ error: code, error_description: message }),
  () => '',
]

/** Shapes of error bodies: those of errors that were recorded, those that the provider's rules know, and those in common use. */
export function errorShapes(
  recordings: readonly Recording[],
  { proxy: { access } }: Pick<Provider, 'proxy'>,
): readonly [ErrorShape, ...ErrorShape[]] {
  const own = recordings.flatMap(({ answer }) => {
    if (answer.kind === 'failure' || answer.status < 400) return []
    const json = jsonOf(answer.body)
    return json === undefined ? [] : [likeOwn(json)]
  })
  const [usual = () => '', ...others] = shapes
  return [usual, ...own.slice(0, 2), ...access.flatMap(asRuled).slice(0, 3), ...others]
}

/** The body by which a rule of the provider knows that access is gone; other errors look like it. */
function asRuled({ path, matches, status }: AccessRule): ErrorShape[] {
  const text = matches === undefined ? null : wordOf(matches)
  if (path === undefined || text === null) return []
  return [
    (error) => {
      const isDenial = error.status === (status ?? 401) || error.status === 403
      return withAt({ message: error.message }, path.split('.'), isDenial ? text : error.code)
    },
  ]
}

/** The first word that a simple expression such as `^(a|b)$` matches; null where there is none. */
function wordOf(expression: string): string | null {
  const [word = ''] = expression.replace(/[\^$()]|\?[:i]+|\\b/g, '').split('|')
  return /^[\w .-]+$/.test(word) && new RegExp(expression).test(word) ? word : null
}

/** The same members; what they say is about another error. */
function likeOwn(json: unknown): ErrorShape {
  return ({ status, message, code }) =>
    mapLeaves(json, ({ value }) => {
      if (typeof value === 'number') return status
      if (typeof value !== 'string') return value
      return /^[a-z0-9_.-]*$/i.test(value) ? code : message
    })
}

export function errorBody(status: number, shape: ErrorShape): string {
  const [code, message] = reasons[status] ?? ['error', 'Error']
  const body = shape({ status, message, code })
  return body === '' ? '' : JSON.stringify(body)
}
