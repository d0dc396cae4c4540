import type { Json } from '@plumb/protocol'

type Caps = { readonly text: number; readonly items: number; readonly depth: number }

/** From generous to strict; the last one always fits. */
const steps: readonly Caps[] = [
  { text: 16_000, items: 100, depth: 24 },
  { text: 4_000, items: 40, depth: 16 },
  { text: 1_000, items: 15, depth: 12 },
  { text: 300, items: 6, depth: 8 },
  { text: 100, items: 3, depth: 5 },
]

function shorten(value: Json, caps: Caps, depth = 0): Json {
  if (typeof value === 'string')
    return value.length <= caps.text
      ? value
      : `${value.slice(0, caps.text)}… [truncated: ${value.length} characters in all]`
  if (typeof value !== 'object' || value === null) return value
  if (depth >= caps.depth) return '… [truncated: too deep]'
  if (Array.isArray(value)) return shortenList(value as readonly Json[], caps, depth)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, shorten(member, caps, depth + 1)]),
  )
}

function shortenList(list: readonly Json[], caps: Caps, depth: number): Json {
  const kept = list.slice(0, caps.items).map((item) => shorten(item, caps, depth + 1))
  const left = list.length - kept.length
  return left > 0 ? [...kept, `… [truncated: ${left} more of ${list.length} items]`] : kept
}

/**
 * The value as it is while its JSON stays within `maxBytes`; else a shortened copy: long texts and lists are cut where
 * they stand, with a mark, and an object says `"truncated": true` as its first member.
 */
export function boundJson(value: Json, maxBytes: number): Json {
  const fits = (candidate: Json) => Buffer.byteLength(JSON.stringify(candidate)) <= maxBytes
  if (fits(value)) return value
  for (const caps of steps) {
    const short = shorten(value, caps)
    const marked =
      typeof short === 'object' && short !== null && !Array.isArray(short)
        ? { truncated: true, ...short }
        : short
    if (fits(marked)) return marked
  }
  return { truncated: true, start: JSON.stringify(value).slice(0, Math.floor(maxBytes / 4)) }
}
