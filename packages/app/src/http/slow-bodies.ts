import type { IncomingMessage, Server } from 'node:http'

export type SlowestBody = {
  /** How long a body is watched before it is judged, in milliseconds. */
  readonly windowMs: number
  /** What has to come in that time. */
  readonly fewestBytes: number
}

const usual: SlowestBody = { windowMs: 30_000, fewestBytes: 15_000 }

/**
 * Ends requests whose body comes so slowly that nobody means it, also where the answer was sent already. A limit for
 * the whole body would end large uploads too.
 */
export function endSlowBodies(server: Server, slowest = usual): void {
  server.on('request', (request: IncomingMessage) => {
    const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
    if (length === '0' && coding === undefined) return
    watch(request, slowest, () => end(server, request))
  })
}

function watch(
  request: IncomingMessage,
  { windowMs, fewestBytes }: SlowestBody,
  tooSlow: () => void,
): void {
  const { socket } = request
  let before = socket.bytesRead
  const timer = setInterval(() => {
    const come = socket.bytesRead - before
    before = socket.bytesRead
    // Nothing comes either while nobody reads: then the provider is slow, and has a limit of its own.
    const isFull = request.readableLength >= request.readableHighWaterMark
    if (request.complete || isFull || come >= fewestBytes) return
    clearInterval(timer)
    tooSlow()
  }, windowMs)
  timer.unref()
  request.once('close', () => clearInterval(timer))
}

/** As Node.js ends headers that come too slowly. */
function end(server: Server, { socket }: IncomingMessage): void {
  const error = Object.assign(new Error('The body comes too slowly.'), {
    code: 'ERR_HTTP_REQUEST_TIMEOUT',
  })
  if (!server.emit('clientError', error, socket)) socket.destroy(error)
}
