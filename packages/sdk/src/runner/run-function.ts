import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { HostChannel } from '../host-channel.js'
import { validate } from '../validation-error.js'
import type { AnyFunction } from './function-definition.js'
import { FunctionContext } from './function-context.js'
import { RecordsContext } from './records-context.js'

const mostOutputBytes = 2 * 1024 * 1024

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
    const { metadata, checkpoint, models } = declared
    await declared.exec(new RecordsContext(host, { metadata, checkpoint, models }))
    return null
  }
  const { metadata } = declared
  if (declared.kind === 'on-event') {
    await declared.exec(new FunctionContext(host, { metadata, checkpoint: undefined }))
    return null
  }
  const context = new FunctionContext(host, { metadata, checkpoint: declared.checkpoint })
  const output = await declared.exec(context, parsedInput(declared.input, input))
  return checkedOutput(declared.output, output)
}

/** JSON has no undefined: null means no input where the schema takes none. */
function parsedInput(schema: z.core.$ZodType, input: unknown): unknown {
  const none = input === null || input === undefined
  if (none && z.core.safeParse(schema, undefined).success) return z.core.parse(schema, undefined)
  return validate(schema, input, 'The input')
}

/** The output is checked as the data that is sent, so that no getter or toJSON tells two stories. */
function checkedOutput(schema: z.core.$ZodType, output: unknown): unknown {
  const text = JSON.stringify(output) as string | undefined
  const size = Buffer.byteLength(text ?? '')
  if (size > mostOutputBytes) {
    throw new PlumbError({
      code: 'output-invalid',
      message: `The output has ${size} bytes; at most ${mostOutputBytes} are allowed.`,
      remedy: 'Return less: fewer fields, or one page at a time.',
    })
  }
  const plain: unknown = text === undefined ? undefined : JSON.parse(text)
  return validate(schema, plain, 'The output') ?? null
}
