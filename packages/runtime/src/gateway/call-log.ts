import type { Json, ProviderCall } from '@plumb/protocol'
import type { OperationLog } from '../logs/log-writer.js'
import type { Redaction } from './redaction.js'
import type { PreparedRequest, TransportAnswer } from './transport.js'

/** Characters of a body that are kept: few where all went well. */
const keptOnSuccess = 2000
const keptOnFailure = 10_000
/** A secret that a cut goes through would not be recognised, so the cut comes after the removal. */
const margin = 16_384

export type LoggedCall = {
  readonly call: ProviderCall
  readonly request: PreparedRequest
  /** Without secrets. */
  readonly answer: TransportAnswer
  readonly redaction: Redaction
}

/** Tells one provider call: method, URL, status, duration, and what both sides said, cut to a bounded size. */
export function logCall(log: OperationLog, made: LoggedCall): void {
  const { call, request, answer, redaction } = made
  const failed = answer.kind === 'failure' || answer.status >= 400
  const ended = answer.kind === 'failure' ? answer.code : String(answer.status)
  const limit = failed ? keptOnFailure : keptOnSuccess
  log.message({
    level: failed ? 'warn' : 'info',
    text: `${call.method} ${call.url} was answered with ${ended} in ${call.durationMs} ms`,
    details: {
      ...{ method: call.method, url: call.url, status: call.status, durationMs: call.durationMs },
      request: {
        headers: redaction.headers(request.headers),
        body: sentBody(request, { redaction, limit }),
      },
      response:
        answer.kind === 'failure'
          ? { failure: answer.code, message: answer.message }
          : {
              headers: answer.headers,
              body: shownBody(answer.body, { headers: answer.headers, limit }),
            },
    },
  })
}

function sentBody(
  { body, headers }: PreparedRequest,
  { redaction, limit }: { readonly redaction: Redaction; readonly limit: number },
): Json {
  if (body === null) return null
  const start = redaction.bytes(body.subarray(0, limit + margin))
  return shownBody(start, { headers, limit, size: body.length })
}

function shownBody(
  bytes: Buffer,
  o: {
    readonly headers: Readonly<Record<string, string>>
    readonly limit: number
    readonly size?: number
  },
): Json {
  const { headers, limit, size = bytes.length } = o
  if (size === 0) return null
  if (!isText(headers['content-type'] ?? '')) return `(${size} bytes)`
  const text = bytes.subarray(0, limit).toString('utf8')
  return size <= limit ? text : `${text}... (${size} bytes)`
}

function isText(contentType: string): boolean {
  return (
    contentType === '' ||
    /json|text|xml|x-www-form-urlencoded|javascript|graphql|yaml/i.test(contentType)
  )
}
