import { maxFrameBytes } from '@plumb/protocol'

const headerBytes = 4
const smallBuffer = 64 * 1024
/** Deeper JSON than this overflows the stack of whoever walks it. */
const deepest = 200

/** A frame that breaks the rules of the channel; its sender is not to be talked to again. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** Four bytes of length (big-endian), then JSON. Throws FrameError over the cap of 16 MB, and for what nests too deep. */
export function encodeFrame(frame: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(frame), 'utf8')
  refuseDeep(json)
  if (json.length > maxFrameBytes) {
    throw new FrameError(`A frame of ${json.length} bytes is over the cap of ${maxFrameBytes}.`)
  }
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32BE(json.length)
  return Buffer.concat([header, json])
}

export type FrameDecoder = {
  /** Gives every frame that `chunk` completes. Throws FrameError for one that breaks the rules. */
  push(chunk: Buffer): unknown[]
}

/** Cuts a byte stream into frames. Holds at most one frame and one chunk, however small the chunks are. */
export function createFrameDecoder(): FrameDecoder {
  let buffer = Buffer.alloc(smallBuffer)
  let length = 0

  function append(chunk: Buffer): void {
    const needed = length + chunk.length
    if (needed > buffer.length) {
      const larger = Buffer.alloc(Math.max(needed, buffer.length * 2))
      buffer.copy(larger, 0, 0, length)
      buffer = larger
    }
    chunk.copy(buffer, length)
    length = needed
  }

  function keepFrom(start: number): void {
    length -= start
    if (length === 0 && buffer.length > smallBuffer) buffer = Buffer.alloc(smallBuffer)
    else buffer.copyWithin(0, start, start + length)
  }

  return {
    push(chunk) {
      append(chunk)
      const frames: unknown[] = []
      let start = 0
      let size = nextSize(buffer.subarray(0, length))
      while (size !== null && length - start >= headerBytes + size) {
        const end = start + headerBytes + size
        frames.push(parseFrame(buffer.subarray(start + headerBytes, end)))
        start = end
        size = nextSize(buffer.subarray(start, length))
      }
      if (start > 0) keepFrom(start)
      return frames
    },
  }
}

function nextSize(buffer: Buffer): number | null {
  if (buffer.length < headerBytes) return null
  const size = buffer.readUInt32BE(0)
  if (size > maxFrameBytes) {
    throw new FrameError(`A frame announces ${size} bytes; the cap is ${maxFrameBytes}.`)
  }
  return size
}

function parseFrame(bytes: Buffer): unknown {
  refuseDeep(bytes)
  const text = bytes.toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new FrameError(`A frame of ${bytes.length} bytes is not JSON: ${text.slice(0, 60)}`)
  }
}

function refuseDeep(bytes: Buffer): void {
  if (nesting(bytes) <= deepest) return
  throw new FrameError(`A frame nests deeper than ${deepest} levels.`)
}

const quote = 0x22
const backslash = 0x5c

/** The deepest nesting of lists and objects, read without parsing. */
function nesting(bytes: Buffer): number {
  let depth = 0
  let most = 0
  let inText = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (inText && byte === backslash) at += 1
    else if (byte === quote) inText = !inText
    else if (!inText) {
      depth += change(byte)
      if (depth > most) most = depth
    }
  }
  return most
}

/** `[` and `{` open, `]` and `}` close. */
function change(byte: number): -1 | 0 | 1 {
  if (byte === 0x5b || byte === 0x7b) return 1
  return byte === 0x5d || byte === 0x7d ? -1 : 0
}
