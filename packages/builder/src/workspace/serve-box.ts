import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { chmod, rm } from 'node:fs/promises'
import { boxExitCodes, boxRequestSchema, PlumbError } from '@plumb/protocol'
import type { BoxReply, BoxRequest } from '@plumb/protocol'
import { answerBoxRequest } from './answer-box-request.js'
import type { PlumbCalled } from './answer-box-request.js'
import type { BoxActions } from './box-actions.js'

export type Box = {
  readonly socketPath: string
  /** Aborts what is running and stops listening. */
  close(): Promise<void>
}

export type ServeBoxOptions = {
  readonly workspace: { readonly socketPath: string }
  /** Where to listen when it is not the workspace's own place. */
  readonly socketPath?: string
  readonly handlers: BoxActions
  readonly onCall: (call: PlumbCalled) => void | Promise<void>
  readonly signal?: AbortSignal
  /** Milliseconds; only differences count. */
  readonly now?: () => number
}

/** A request holds every word and every file that `@` names; more than this is refused, in bytes. */
const maxRequestBytes = 8_000_000
const maxConnections = 16
/** What the kernel takes as the address of a socket, in bytes. */
const maxSocketPath = 103

type ReadResult = { request: BoxRequest } | { problem: string }

/** Reads to the client's end of stream; the socket stays open for the answer, which an async iterator would not allow. */
function readAll(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxRequestBytes) chunks.push(chunk)
      else resolve(null)
    })
    socket.on('end', () => resolve(Buffer.concat(chunks)))
    socket.on('close', () => reject(new Error('The call was broken off.')))
  })
}

async function readRequest(socket: Socket): Promise<ReadResult> {
  const bytes = await readAll(socket)
  if (bytes === null) return { problem: `The call is larger than ${maxRequestBytes} bytes.` }
  try {
    const parsed = boxRequestSchema.safeParse(JSON.parse(bytes.toString('utf8')))
    return parsed.success
      ? { request: parsed.data }
      : { problem: `The call is malformed: ${parsed.error.issues[0]?.message ?? 'unreadable'}.` }
  } catch {
    return { problem: 'The call is not JSON.' }
  }
}

const shortened = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length)}…` : text

type BoxState = {
  readonly options: ServeBoxOptions
  readonly closing: AbortController
  /** Calls wait for the one before them: a dry run never sees the file half-way through another call. */
  last: Promise<unknown>
}

async function answer(state: BoxState, request: BoxRequest, signal: AbortSignal) {
  const { handlers, onCall, now = Date.now } = state.options
  const startedAt = now()
  const { reply, verb, known } = await answerBoxRequest(request, { actions: handlers, signal })
  await onCall({
    kind: 'plumb-called',
    verb,
    args: request.args.map((arg) => shortened(arg, 4_000)),
    known,
    exitCode: reply.exitCode,
    durationMs: now() - startedAt,
    summary: shortened(JSON.stringify(reply.output), 400),
  })
  return reply
}

function usageReply(problem: string): BoxReply {
  return { exitCode: boxExitCodes.usage, output: { error: problem, usage: 'plumb help' } }
}

async function serveCall(state: BoxState, socket: Socket): Promise<void> {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  socket.on('error', () => gone.abort())
  const read = await readRequest(socket)
  if ('problem' in read) return void socket.end(JSON.stringify(usageReply(read.problem)))
  const signal = AbortSignal.any([gone.signal, state.closing.signal])
  const turn = state.last.then(() => {
    signal.throwIfAborted()
    return answer(state, read.request, signal)
  })
  state.last = turn.catch(() => null)
  socket.end(JSON.stringify(await turn))
}

async function listen(server: Server, socketPath: string): Promise<void> {
  if (Buffer.byteLength(socketPath) > maxSocketPath)
    throw new PlumbError({
      code: 'workspace-invalid',
      message: `The socket "${socketPath}" has ${Buffer.byteLength(socketPath)} bytes; the system takes ${maxSocketPath}.`,
      remedy: 'Choose a shorter folder for workspaces.',
    })
  await rm(socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  await chmod(socketPath, 0o600)
}

/**
 * Serves the `plumb` tool of one box on its Unix socket: one JSON request per connection, ended by the client's end of
 * stream, answered with one JSON reply. Calls run one after another; `onCall` is told of each, before the reply goes out.
 */
export async function serveBox(options: ServeBoxOptions): Promise<Box> {
  const socketPath = options.socketPath ?? options.workspace.socketPath
  const closing = new AbortController()
  const state: BoxState = { options, closing, last: Promise.resolve() }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveCall(state, socket).catch(() => socket.destroy())
  })
  server.maxConnections = maxConnections
  await listen(server, socketPath)
  const close = async () => {
    closing.abort()
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
    await state.last
  }
  options.signal?.addEventListener('abort', () => void close(), { once: true })
  return { socketPath, close }
}
