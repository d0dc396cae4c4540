import { describe, expect, it } from 'vitest'
import { createFrameDecoder, encodeFrame, FrameError } from './frame-codec.js'

describe('frames', () => {
  const frames = [{ a: 1 }, 'text with "quotes" and \\ and [{', [], { deep: [[['ü']]] }]
  const bytes = Buffer.concat(frames.map(encodeFrame))

  it('survive any cutting of the stream', () => {
    for (const size of [1, 2, 3, 5, 7, 64, bytes.length]) {
      const decoder = createFrameDecoder()
      const seen: unknown[] = []
      for (let at = 0; at < bytes.length; at += size) {
        seen.push(...decoder.push(bytes.subarray(at, at + size)))
      }
      expect(seen).toEqual(frames)
    }
  })

  it('of many megabytes arrive whole, and the next one too', () => {
    const large = { text: 'x'.repeat(9_000_000) }
    const stream = Buffer.concat([encodeFrame(large), encodeFrame(1)])
    const decoder = createFrameDecoder()
    const seen: unknown[] = []
    for (let at = 0; at < stream.length; at += 65_536) {
      seen.push(...decoder.push(stream.subarray(at, at + 65_536)))
    }
    expect(seen).toEqual([large, 1])
  })

  it('over the cap are not made', () => {
    expect(() => encodeFrame('x'.repeat(16 * 1024 * 1024))).toThrow(FrameError)
  })

  it('may nest 200 levels and no more; brackets in text do not count', () => {
    const nested = (levels: number): Buffer => {
      const json = Buffer.from('['.repeat(levels) + ']'.repeat(levels))
      const head = Buffer.alloc(4)
      head.writeUInt32BE(json.length)
      return Buffer.concat([head, json])
    }
    expect(createFrameDecoder().push(nested(200))).toHaveLength(1)
    expect(() => createFrameDecoder().push(nested(201))).toThrow(/deeper than 200/)
    const text = '"['.repeat(1000)
    expect(createFrameDecoder().push(encodeFrame([text]))).toEqual([[text]])
  })
})
