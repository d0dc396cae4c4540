import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { HostChannel } from '../host-channel.js'
import { validate } from '../validation-error.js'
import type { Sync } from '../create-sync.js'
import type { AnyFunction } from './function-definition.js'
import { FunctionContext } from './function-context.js'
import { RecordsContext } from './records-context.js'

const defaultOutputBytes = 2 * 1024 * 1024

/**
 * Calls the function once: checks the input, runs it, checks the output. Returns the output as plain data.
 * Throws what the function throws, ValidationError, or PlumbError `output-invalid`.
 */
export async function runFunction(
  declared: AnyFunction,
  host: HostChannel,
  input: unknown,
): Promise<unknown> {
  if (declared.kind === 'sync') {
    await runSync(declared, host, input)
    return null
  }
  const { metadata } = declared
  if (declared.kind === 'on-event') {
    await declared.exec(new FunctionContext(host, { metadata, checkpoint: declared.checkpoint }))
    return null
  }
  const context = new FunctionContext(host, { metadata, checkpoint: declared.checkpoint })
  const output = await declared.exec(context, parsedInput(declared.input, input))
  return checkedOutput(declared.output, textOf(output, host.context.mostOutputBytes))
}

/** A webhook runs `onWebhook` with its payload, everything else runs `exec`. */
async function runSync(declared: Sync, host: HostChannel, payload: unknown): Promise<void> {
  const { metadata, checkpoint, models, onWebhook } = declared
  const context = new RecordsContext(host, { metadata, checkpoint, models })
  if (host.context.webhook !== true) return declared.exec(context)
  if (onWebhook !== undefined) return onWebhook(context, payload)
  throw new PlumbError({
    code: 'function-invalid',
    message: 'A webhook arrived, but the sync has no "onWebhook".',
    remedy: 'Add onWebhook(ctx, payload) to createSync, or remove "webhookSubscriptions".',
  })
}

/** JSON has no undefined: null means no input where the schema takes none. */
function parsedInput(schema: z.core.$ZodType, input: unknown): unknown {
  const none = input === null || input === undefined
  if (none && z.core.safeParse(schema, undefined).success) return z.core.parse(schema, undefined)
  return validate(schema, input, 'The input')
}

function textOf(output: unknown, most = defaultOutputBytes): string | undefined {
  const text = JSON.stringify(output) as string | undefined
  const size = Buffer.byteLength(text ?? '')
  if (size <= most) return text
  throw new PlumbError({
    code: 'output-invalid',
    message: `The output has ${size} bytes; at most ${most} are allowed.`,
    remedy: 'Return less: fewer fields, or one page at a time.',
  })
}

/** The output is checked as the data that is sent, so that no getter or toJSON tells two stories. */
function checkedOutput(schema: z.core.$ZodType, text: string | undefined): unknown {
  const plain: unknown = text === undefined ? undefined : JSON.parse(text)
  // JSON has no undefined: an output of nothing is null.
  if (plain === null && z.core.safeParse(schema, undefined).success) return null
  return validate(schema, plain, 'The output') ?? null
}
