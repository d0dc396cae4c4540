/** One number of the benchmark, and what it has to be. */
export type Measurement = {
  readonly part: RuntimePart
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Null where nothing is asked for. */
  readonly bar: Bar | null
  /** How many times something that was measured in the same run: it can be compared between machines. */
  readonly ratio: { readonly times: number; readonly of: string } | null
}

export type Bar = { readonly most: number } | { readonly least: number }

export const runtimeParts = ['start', 'actions', 'proxy', 'ingestion', 'schedules'] as const
export type RuntimePart = (typeof runtimeParts)[number]

/** Whether a number reaches its bar; null where there is none. */
export function reaches({ value, bar }: Pick<Measurement, 'value' | 'bar'>): boolean | null {
  if (bar === null) return null
  return 'most' in bar ? value <= bar.most : value >= bar.least
}
