import { setTimeout as sleep } from 'node:timers/promises'

/** One kind of call; resolves when its answer was read. */
export type Call = () => Promise<void>

export type LoopOptions = {
  readonly perSecond: number
  readonly seconds: number
  readonly signal: AbortSignal
}

/**
 * Makes calls of each kind at a fixed rate, whether those before have ended or not, and of all kinds in turn. Returns
 * for each kind the milliseconds from when a call was due to its end, in order of size.
 */
export async function openLoop(calls: readonly Call[], o: LoopOptions): Promise<number[][]> {
  const taken = calls.map((): number[] => [])
  const apartMs = 1000 / o.perSecond / calls.length
  const count = Math.round(o.seconds * o.perSecond) * calls.length
  const begun = performance.now()
  const open: Promise<void>[] = []
  for (let n = 0; n < count; n += 1) {
    o.signal.throwIfAborted()
    const due = begun + n * apartMs
    const wait = due - performance.now()
    if (wait > 1) await sleep(wait)
    const kind = n % calls.length
    const end = calls[kind]?.().then(() => void taken[kind]?.push(performance.now() - due))
    if (end !== undefined) open.push(end)
  }
  await Promise.all(open)
  return taken.map((times) => times.sort((a, b) => a - b))
}

/** The value below which `share` (0 to 1) of sorted values are; 0 of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
