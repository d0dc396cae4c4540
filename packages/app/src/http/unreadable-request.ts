import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { PlumbError } from '@plumb/protocol'
import { failureBody } from './answer-failure.js'

type Refusal = { readonly status: number; readonly error: PlumbError }

/** Answers as every failure is what Node.js finds before there is a request, and would answer alone. */
export function answerUnreadable(server: Server): Server {
  const begun = rememberBegun(server)
  server.on('clientError', (thrown: Error & { readonly code?: string }, socket) => {
    if (thrown.code === 'ECONNRESET' || begun(socket)) socket.destroy()
    else hangUp(socket, refusalOf(thrown.code ?? ''))
  })
  server.on('connect', (_request, socket) => hangUp(socket, noTunnel()))
  server.on('checkExpectation', ({ socket }: IncomingMessage) => hangUp(socket, unexpected()))
  return server
}

/** Whether a part of an answer is on its way, in the middle of which no other can be. */
function rememberBegun(server: Server): (socket: Duplex) => boolean {
  const answers = new WeakMap<Duplex, Set<ServerResponse>>()
  server.on('request', ({ socket }, answer) => {
    const open = answers.get(socket) ?? new Set()
    answers.set(socket, open.add(answer))
    answer.once('close', () => open.delete(answer))
  })
  return (socket) => [...(answers.get(socket) ?? [])].some(({ headersSent }) => headersSent)
}

/** After what can not be read nothing else can: where the next request begins is not known. */
function hangUp(socket: Duplex, { status, error }: Refusal): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(failureBody(error))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `x-request-id: req_${randomUUID()}`,
    `plumb-error: ${error.code}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function refusalOf(code: string): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      status: 431,
      error: new PlumbError({
        code: 'request-too-large',
        message: 'The address and the headers of the request are larger than 16 KB together.',
        remedy: 'Send long values in the body, and leave out headers such as cookies.',
      }),
    }
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return {
      status: 408,
      error: new PlumbError({
        code: 'cancelled',
        message: 'The request was not there in time.',
        remedy: 'Send it again, whole.',
      }),
    }
  }
  return {
    status: 400,
    error: new PlumbError({
      code: 'input-invalid',
      message: `What was sent is not a request of HTTP/1.1 (${code === '' ? 'unreadable' : code}).`,
      remedy:
        'Send http:// requests with a client for HTTP; https:// ends at a proxy before the server.',
    }),
  }
}

function noTunnel(): Refusal {
  return {
    status: 405,
    error: new PlumbError({
      code: 'method-unknown',
      message: 'The server opens no tunnels: CONNECT is no method of it.',
      remedy: 'Call providers through `/proxy/*`; do not configure the server as an HTTP proxy.',
    }),
  }
}

function unexpected(): Refusal {
  return {
    status: 417,
    error: new PlumbError({
      code: 'input-invalid',
      message: 'The header "Expect" asks for something else than "100-continue".',
      remedy: 'Leave it out.',
    }),
  }
}
