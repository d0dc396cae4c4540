import { z } from 'zod'
import { functionDefinitionSchema } from './function-definition.js'
import { paginationSchema } from './provider.js'

/** Largest frame on the channel between runner and host, in bytes of JSON. */
export const maxFrameBytes = 16 * 1024 * 1024
/** Calls one function may have in flight. */
export const maxCallsInFlight = 64
/** Log lines one run may send; later ones are dropped by the runner. */
export const maxLogLines = 1000
/** Characters of one log line. */
export const maxLogLength = 4000

/** What a function may know about the connection and the run it works for. */
export const runContextSchema = z.strictObject({
  connectionId: z.string(),
  providerConfigKey: z.string(),
  provider: z.string(),
  variant: z.string(),
  /** ISO 8601; null on the first run. */
  lastSyncDate: z.string().nullable(),
  /** The run is for a webhook: its payload is the input. */
  webhook: z.boolean().optional(),
  /** The provider's default pagination. */
  pagination: paginationSchema.nullable(),
  /** Of an action, as JSON. Default 2 MiB. */
  mostOutputBytes: z.number().int().min(1).optional(),
})

/** A stopped clock and seeded randomness, for replay. */
export const runClockSchema = z.strictObject({ now: z.iso.datetime(), seed: z.string() })

const functionErrorSchema = z.strictObject({
  type: z.enum(['action-error', 'http-error', 'validation', 'plumb-error', 'error']),
  message: z.string(),
  payload: z.unknown(),
  status: z.number().int().nullable(),
  stack: z.string().nullable(),
})

/** An error that travels to the function as the answer to its call. */
export const callErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
})

const run = z.number().int().min(1)

/** What the host sends to a runner. */
export const hostFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run'),
    run,
    /** Where the runner holds the text, and the text itself when it does not yet. */
    place: z.number().int().min(0),
    code: z.string().nullable(),
    fileName: z.string(),
    input: z.unknown(),
    context: runContextSchema,
    clock: runClockSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('describe'), run, code: z.string(), fileName: z.string() }),
  z.strictObject({
    type: z.literal('reply'),
    run,
    call: z.number().int(),
    value: z.unknown(),
    error: callErrorSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('abort'), run, reason: z.string() }),
  z.strictObject({ type: z.literal('ping'), sequence: z.number().int() }),
])

/** What a runner sends to the host. Nothing in it carries authority: whose run it is, the host knows. */
export const runnerFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('call'),
    run,
    call: z.number().int().min(1),
    method: z.string().max(64),
    args: z.unknown(),
  }),
  z.strictObject({
    type: z.literal('log'),
    run,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string().max(maxLogLength),
  }),
  z.strictObject({
    type: z.literal('result'),
    run,
    outcome: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('returned'), output: z.unknown() }),
      z.strictObject({ kind: z.literal('threw'), error: functionErrorSchema }),
    ]),
    /** CPU time of this run, user and system. */
    cpuMs: z.number().nonnegative(),
    /** Peak resident memory of the process so far. */
    memoryBytes: z.number().nonnegative(),
  }),
  z.strictObject({
    type: z.literal('described'),
    run,
    answer: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('definition'), definition: functionDefinitionSchema }),
      z.strictObject({ kind: z.literal('invalid'), message: z.string(), remedy: z.string() }),
    ]),
  }),
  z.strictObject({ type: z.literal('pong'), sequence: z.number().int() }),
])

export type RunContext = z.infer<typeof runContextSchema>
export type RunClock = z.infer<typeof runClockSchema>
export type CallError = z.infer<typeof callErrorSchema>
export type HostFrame = z.infer<typeof hostFrameSchema>
export type RunnerFrame = z.infer<typeof runnerFrameSchema>
