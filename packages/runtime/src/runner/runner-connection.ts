import type { Duplex } from 'node:stream'
import { runnerFrameSchema } from '@plumb/protocol'
import type { HostFrame, RunnerFrame } from '@plumb/protocol'
import { createFrameDecoder, encodeFrame, FrameError } from './frame-codec.js'

/** The host's end of the channel to one runner. */
export type RunnerConnection = {
  /** Throws FrameError for a frame over the cap. */
  send(frame: HostFrame): void
  /** Bytes that the runner has not read yet. */
  readonly unread: number
}

/**
 * Checks every frame a runner sends; the first that breaks the rules is told to `onViolation` and nothing is
 * read after it. While the runner does not read, nothing is read from it.
 */
export function connectRunner(
  channel: Duplex,
  handlers: {
    onFrame: (frame: RunnerFrame) => void
    onViolation: (reason: string) => void
    onDrain: () => void
  },
): RunnerConnection {
  const decoder = createFrameDecoder()
  let broken = false
  const receive = (chunk: Buffer): void => {
    if (broken) return
    try {
      for (const frame of decoder.push(chunk)) handlers.onFrame(checked(frame))
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      broken = true
      channel.pause()
      handlers.onViolation(error.message)
    }
  }
  channel.on('data', receive)
  channel.on('error', () => undefined)
  channel.on('drain', () => {
    if (!broken) channel.resume()
    handlers.onDrain()
  })
  return {
    send(frame) {
      if (broken || channel.destroyed || !channel.writable) return
      if (!channel.write(encodeFrame(frame))) channel.pause()
    },
    get unread() {
      return channel.writableLength
    },
  }
}

function checked(frame: unknown): RunnerFrame {
  const parsed = runnerFrameSchema.safeParse(frame)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FrameError(
    `A frame does not match its schema at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
  )
}
