import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { HostMethod } from '../runner/function-host.js'

const anything = z.unknown()

/**
 * A method by its name, whose arguments come from the function's own code: wrong ones are its mistake, which it is
 * told as PlumbError `request-invalid`, and no attack on the channel.
 */
export function functionMethod<Args>(
  name: string,
  args: z.ZodType<Args>,
  call: (args: Args, signal: AbortSignal) => unknown,
): [string, HostMethod] {
  const checked: HostMethod['call'] = async (given, signal) => {
    const parsed = args.safeParse(given)
    if (parsed.success) return call(parsed.data, signal)
    throw wrongArguments(name, parsed.error)
  }
  return [name, { args: anything, call: checked }]
}

function wrongArguments(name: string, { issues }: z.ZodError): PlumbError {
  const [issue] = issues
  const path = issue?.path.join('.') ?? ''
  return new PlumbError({
    code: 'request-invalid',
    message: `The function called "${name}" with a wrong "${path}": ${issue?.message ?? ''}.`,
    remedy:
      'Correct the value. Mind that NaN, Infinity and undefined become null, or nothing, in JSON.',
  })
}
