import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { createOpencodeClient } from '@opencode-ai/sdk/v2/client'
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client'
import type { GlobalEvent } from '@opencode-ai/sdk/v2'
import { PlumbError } from '@plumb/protocol'

export type ServerListener = {
  /** One event of the server's global stream, in order. */
  event(event: GlobalEvent): void
  /** The stream broke and is there again: events may have been missed. */
  resumed(): void
  /** The server process is gone; the next call starts another. */
  died(detail: string): void
}

export type ServerOptions = {
  readonly binary: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly password: string
}

export type RunningServer = {
  readonly url: string
  readonly pid: number
  readonly client: OpencodeClient
}

/** A server that ends is told at once; this is for one that hangs. On a busy machine a start takes minutes. */
const startSeconds = 240
const reconnectMs = 200
const killMs = 2_000

/**
 * Becomes the server; beside it something waits for the end of the pipe from this process, which comes however this
 * process ends, and then ends the server too.
 */
export const endWithUs = [
  'exec 3<&0',
  '( cat <&3; kill -9 $$ ) >/dev/null 2>&1 &',
  'exec "$@" </dev/null 3<&-',
].join('\n')

/** Resolves with the URL that the server prints once it listens. */
function listening(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (what: string) =>
      reject(
        new PlumbError({
          code: 'harness-unavailable',
          message: `The OpenCode server ${what}. It said: ${log() || 'nothing'}`,
          remedy: 'Run `plumb doctor`; it starts the server and tells what is missing.',
        }),
      )
    const timer = setTimeout(
      () => failed(`did not listen within ${startSeconds} s`),
      startSeconds * 1_000,
    )
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-4_000)
      const url = /listening on (http:\/\/\S+)/.exec(text)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
    child.once('error', (error) => failed(`did not start: ${error.message}`))
    child.once('exit', (code, signal) => failed(`ended with ${code ?? signal}`))
    child.once('exit', () => clearTimeout(timer))
  })
}

/**
 * One `opencode serve` that is started when it is needed and again when it has died.
 *
 * stopped --running()--> starting --listens--> running --process ends--> stopped (listener told) ; close() ends it all.
 */
export class OpenCodeServer {
  readonly #options: ServerOptions
  readonly #listener: ServerListener
  readonly #closing = new AbortController()
  #child: ChildProcess | null = null
  #running: Promise<RunningServer> | null = null

  constructor(options: ServerOptions, listener: ServerListener) {
    this.#options = options
    this.#listener = listener
  }

  /** The server, started if there is none. Throws PlumbError `harness-unavailable` when it does not come up. */
  running(): Promise<RunningServer> {
    if (this.#running !== null) return this.#running
    const starting = this.#start()
    this.#running = starting
    starting.catch(() => (this.#running = null))
    return starting
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), killMs)
    await gone
    clearTimeout(timer)
  }

  async #start(): Promise<RunningServer> {
    this.#closing.signal.throwIfAborted()
    const { binary, cwd, env, password } = this.#options
    let log = ''
    const words = [binary, 'serve', '--hostname', '127.0.0.1', '--port', '0']
    const child = spawn('/bin/sh', ['-c', endWithUs, 'plumb', ...words], {
      cwd,
      env: { ...env, OPENCODE_SERVER_PASSWORD: password },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString('utf8')).slice(-2_000)))
    child.stdin.on('error', () => null)
    child.once('exit', () => child.stdin.destroy())
    this.#child = child
    const url = await listening(child, () => log)
    const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`
    const client = createOpencodeClient({ baseUrl: url, headers: { authorization } })
    const gone = new AbortController()
    child.once('exit', (code, signal) => {
      gone.abort()
      this.#running = null
      if (!this.#closing.signal.aborted)
        this.#listener.died(`The OpenCode server ended with ${code ?? signal}. ${log}`.trim())
    })
    await this.#follow(client, AbortSignal.any([gone.signal, this.#closing.signal]))
    return { url, pid: child.pid ?? 0, client }
  }

  /** Resolves once the event stream stands, and goes on reading it until the signal. */
  async #follow(client: OpencodeClient, signal: AbortSignal): Promise<void> {
    let first = true
    const standing = withResolvers()
    const read = async () => {
      const { stream } = await client.global.event({ signal, sseMaxRetryAttempts: 1 })
      for await (const event of stream) {
        if (event.payload.type !== 'server.connected') this.#listener.event(event)
        else if (first) standing.resolve()
        else this.#listener.resumed()
        first = false
      }
    }
    const loop = async () => {
      while (!signal.aborted) {
        await read().catch(() => null)
        await delay(reconnectMs, null, { signal }).catch(() => null)
      }
      standing.resolve()
    }
    void loop()
    await standing.promise
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
