import { PlumbError } from '@plumb/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { statusOf } from './failure-status.js'

/** The body of every answer that is no success. */
export type FailureBody = {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly remedy: string
    readonly docs: string
    readonly payload?: unknown
  }
}

/** The one place where what was thrown becomes an answer. `report` is told what nobody expected. */
export function answerFailure(
  thrown: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  report: (line: string) => void,
): FastifyReply {
  const known =
    thrown instanceof PlumbError
      ? thrown
      : (frameworkFailure(thrown) ?? aborted(thrown, request) ?? unstorable(thrown))
  if (known === null) report(`request ${request.id} failed: ${detailsOf(thrown)}`)
  const error = known ?? internal(request.id)
  const status = statusOf(error.code)
  // Of an address that cannot be read Fastify asks for an answer before any hook.
  void reply.header('x-request-id', request.id)
  if (status === 503) void reply.header('retry-after', '1')
  if (error.code === 'method-unknown') void reply.header('allow', String(error.payload))
  // Tells a failure of the server apart from what a provider answered through the proxy.
  void reply.header('plumb-error', error.code)
  return reply.code(status).send(failureBody(error))
}

export function failureBody({ code, message, remedy, docs, payload }: PlumbError): FailureBody {
  return { error: { code, message, remedy, docs, ...(payload !== undefined && { payload }) } }
}

function internal(requestId: string): PlumbError {
  return new PlumbError({
    code: 'internal',
    message: 'Something broke inside Plumb.',
    remedy: `Report it with the server's log of request ${requestId}.`,
  })
}

/** Who goes away, or sends what is no body any more, has broken off the request. */
function aborted(thrown: unknown, { raw }: FastifyRequest): PlumbError | null {
  if (!(thrown instanceof Error)) return null
  if (thrown.name !== 'AbortError' && thrown !== raw.errored) return null
  return new PlumbError({
    code: 'cancelled',
    message: 'The request was cancelled before it was answered.',
    remedy: 'Send it again.',
  })
}

/** What nothing can be done with: PostgreSQL says so where a text is stored, the stack where a value is walked. */
function unstorable(thrown: unknown): PlumbError | null {
  if (!(thrown instanceof Error)) return null
  const code = 'code' in thrown ? thrown.code : undefined
  const isJson = code === '22P02' && thrown.message.includes('type json')
  if (isJson || code === '22021' || code === '22P05') {
    return new PlumbError({
      code: 'input-invalid',
      message: 'A text in the request holds a NUL character, or half of a surrogate pair.',
      remedy: 'Leave that character out.',
    })
  }
  if (code !== '54001' && !(thrown instanceof RangeError && /call stack/.test(thrown.message)))
    return null
  return new PlumbError({
    code: 'input-invalid',
    message: 'A value in the request has members inside of members, too deep to be read.',
    remedy: 'Send a value that is flatter.',
  })
}

/** What Fastify refuses before a handler sees it. */
function frameworkFailure(thrown: unknown): PlumbError | null {
  const { code, statusCode = 500, message } = thrown as Partial<FastifyError>
  if (typeof code !== 'string' || !code.startsWith('FST_') || statusCode >= 500) return null
  if (statusCode === 413) {
    return new PlumbError({
      code: 'request-too-large',
      message: 'The body of the request is larger than 10 MB.',
      remedy: 'Send less at once.',
    })
  }
  // The address itself stays out of the answer: it may carry a token.
  const address = badAddresses[code]
  if (address !== undefined) return new PlumbError({ code: 'input-invalid', ...address })
  return new PlumbError({
    code: 'input-invalid',
    message: `The request cannot be read: ${message ?? code}.`,
    remedy: 'Send a JSON body with `Content-Type: application/json`.',
  })
}

const badAddresses: Readonly<Record<string, { message: string; remedy: string }>> = {
  FST_ERR_BAD_URL: {
    message: 'The path of the request is not encoded as UTF-8 with "%" and two digits for a byte.',
    remedy: 'Encode each part of the path, as encodeURIComponent does.',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    message: 'A part of the path is longer than 500 characters, as no id or name is.',
    remedy: 'Correct the id or the name.',
  },
}

function detailsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.stack ?? thrown.message
}
