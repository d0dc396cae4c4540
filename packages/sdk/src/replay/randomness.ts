import { createHash, randomFillSync } from 'node:crypto'

/** The randomness a function sees: the machine's, or a sequence that follows from a seed. */
export type Randomness = {
  /** Null for the machine's. */
  seed(text: string | null): void
  bytes(size: number): Buffer
  /** From 0 up to but not including 1. */
  fraction(): number
  /** RFC 9562 version 4. */
  uuid(): string
}

/** One source for Math.random, UUIDs and random bytes, in live and replayed runs alike. */
export function createRandomness(): Randomness {
  let text: string | null = null
  let block = 0
  let rest = Buffer.alloc(0)

  function bytes(size: number): Buffer {
    if (text === null) return randomFillSync(Buffer.alloc(size))
    const chunks = [rest]
    for (let length = rest.length; length < size; length += 32) {
      chunks.push(createHash('sha256').update(`${text}:${block}`).digest())
      block += 1
    }
    const all = Buffer.concat(chunks)
    rest = all.subarray(size)
    return Buffer.from(all.subarray(0, size))
  }

  return {
    seed(next) {
      text = next
      block = 0
      rest = Buffer.alloc(0)
    },
    bytes,
    fraction: () => bytes(6).readUIntBE(0, 6) / 2 ** 48,
    uuid() {
      const raw = bytes(16)
      raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40
      raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80
      const hex = raw.toString('hex')
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}
