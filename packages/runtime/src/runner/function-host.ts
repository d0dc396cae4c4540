import type { LogLine, RunContext } from '@plumb/protocol'
import type { z } from 'zod'

/** One thing a function may ask of its host. `args` is checked before `call` sees it. */
export type HostMethod = {
  readonly args: z.ZodType
  /** PlumbErrors travel to the function; anything else it throws is told as `internal`. */
  readonly call: (args: unknown, signal: AbortSignal) => Promise<unknown>
}

/** All that one run may do: what is not in it does not exist for the function. */
export type FunctionHost = {
  readonly context: RunContext
  readonly methods: ReadonlyMap<string, HostMethod>
  readonly log: (level: LogLine['level'], message: string) => void
}

/** Declares a method with its arguments typed by their schema. */
export function hostMethod<Args>(
  args: z.ZodType<Args>,
  call: (args: Args, signal: AbortSignal) => unknown,
): HostMethod {
  return { args, call: async (given, signal) => call(given as Args, signal) }
}
