import type { Provider, RetryRule } from '@plumb/protocol'
import type { Clock } from './clock.js'
import { rateLimitOf } from './rate-limit-headers.js'
import type { RateLimit } from './rate-limit-headers.js'
import { askedDelay } from './retry-delay.js'
import { isRateLimited } from './retry-rule.js'
import type { TransportAnswer } from './transport.js'

export type LimitOptions = {
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
  /** Calls of one connection at once. */
  readonly concurrency: number
  /** Longest wait for a limit; beyond it the call is made, and the provider's answer handed on. */
  readonly maxWaitMs: number
}

/** A place among the calls of a connection; `done` gives it back. */
export type Place = {
  /** How long the call was held back, in milliseconds. */
  readonly waitedMs: number
  /** What the answer teaches; body bytes are not needed. */
  learn(answer: TransportAnswer): void
  done(): void
}

/**
 * What one connection may still call. Calls left are counted down as calls are made and corrected by every answer;
 * nothing is assumed where a provider tells nothing.
 */
export class ConnectionLimits {
  readonly #options: LimitOptions
  readonly #provider: Provider
  readonly #waiting: (() => void)[] = []
  #active = 0
  #remaining: number | null = null
  #resetAt = 0
  #blockedUntil = 0

  constructor(options: LimitOptions, provider: Provider) {
    this.#options = options
    this.#provider = provider
  }

  /** Nothing is under way, and nothing is known that still matters. */
  get idle(): boolean {
    const now = this.#options.clock.now()
    return this.#active === 0 && this.#blockedUntil <= now && this.#resetAt <= now
  }

  /** Rejects with the signal's reason when it is aborted meanwhile. */
  async take(signal?: AbortSignal): Promise<Place> {
    const { clock } = this.#options
    const began = clock.now()
    await this.#enter(signal)
    let waitedMs = 0
    try {
      for (let ms = this.#heldBack(); ms > 0; ms = this.#heldBack()) {
        const left = this.#options.maxWaitMs - waitedMs
        if (ms > left) break
        await clock.wait(ms, signal)
        waitedMs += ms
      }
    } catch (error) {
      this.#leave()
      throw error
    }
    if (this.#remaining !== null) this.#remaining -= 1
    return this.#place(Math.max(waitedMs, clock.now() - began))
  }

  #place(waitedMs: number): Place {
    let open = true
    return {
      waitedMs,
      learn: (answer) => this.#learn(answer),
      done: () => {
        if (open) this.#leave()
        open = false
      },
    }
  }

  /** Milliseconds until a call may be made, with jitter so that not all are made at once. */
  #heldBack(): number {
    const { clock, random } = this.#options
    const now = clock.now()
    if (this.#resetAt <= now) this.#remaining = null
    const empty = this.#remaining !== null && this.#remaining <= 0
    const until = Math.max(this.#blockedUntil, empty ? this.#resetAt : 0)
    if (until <= now) return 0
    return Math.ceil(until - now + random() * Math.min(1000, (until - now) / 10 + 50))
  }

  #learn(answer: TransportAnswer): void {
    if (answer.kind !== 'response') return
    const now = this.#options.clock.now()
    const told = rateLimitOf(answer.headers, this.#provider.proxy.retry, now)
    if (told !== null) this.#count(told, now)
    if (!isRateLimited(this.#provider, answer)) return
    const asked = askedDelay({
      headers: answer.headers,
      rules: rulesOf(this.#provider),
      limited: true,
      now,
    })
    if (asked !== null) this.#blockedUntil = Math.max(this.#blockedUntil, now + asked)
  }

  /** Within one window the provider may not have counted what is under way; at a new one nobody has. */
  #count({ remaining, resetMs }: RateLimit, now: number): void {
    const known = this.#remaining
    const sameWindow = known !== null && now + resetMs <= this.#resetAt + 1000
    const others = Math.max(0, this.#active - 1)
    this.#remaining = sameWindow ? Math.min(known, remaining) : remaining - others
    this.#resetAt = now + resetMs
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#active < this.#options.concurrency) {
      this.#active += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(signal?.reason as Error)
      }
      this.#waiting.push(go)
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** The place goes straight to who waits longest. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#active -= 1
    else next()
  }
}

const usualReset = { at: 'x-ratelimit-reset' }

function rulesOf({ proxy }: Provider): readonly Pick<RetryRule, 'at' | 'after'>[] {
  return [...(proxy.retry === undefined ? [] : [proxy.retry]), usualReset]
}

const mostKept = 10_000

/** The limits of every connection that this process calls. */
export class AllLimits {
  readonly #options: LimitOptions
  readonly #known = new Map<string, ConnectionLimits>()

  constructor(options: LimitOptions) {
    this.#options = options
  }

  of(key: readonly string[], provider: Provider): ConnectionLimits {
    const name = JSON.stringify(key)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    if (this.#known.size >= mostKept) this.#forgetIdle()
    const limits = new ConnectionLimits(this.#options, provider)
    this.#known.set(name, limits)
    return limits
  }

  #forgetIdle(): void {
    for (const [name, limits] of this.#known) if (limits.idle) this.#known.delete(name)
  }
}
