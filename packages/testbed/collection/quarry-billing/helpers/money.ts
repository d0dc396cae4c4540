import type { z } from 'zod'
import type { Money } from '../models.js'

const decimals: Readonly<Record<string, number>> = { JPY: 0, EUR: 2, USD: 2, KWD: 3 }

/** Turns the smallest unit into money: 1250 EUR cents are 12.5. */
export function money(units: number, currency: string): z.infer<typeof Money> {
  const digits = decimals[currency] ?? 2
  return { amount: units / 10 ** digits, currency }
}

export class QuarryError extends Error {
  override readonly name = 'QuarryError'
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`Quarry answered ${status}: ${code}`)
  }
}
