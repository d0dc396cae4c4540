import { PlumbError, variableContracts } from '@plumb/protocol'
import { z } from 'zod'
import { openTarget } from '../contract-commands/open-target.js'
import { remoteFlag } from '../contract-commands/remote-flag.js'
import { renderAnswer } from '../contract-commands/render-answer.js'
import { defineOperation } from './operation.js'
import type { OperationContext } from './operation.js'

const { set } = variableContracts

/** `plumb variables set`: unlike what a contract gives, it takes a secret from where nobody else sees it. */
export const variablesSet = defineOperation({
  name: set.name,
  summary: set.summary,
  input: z.object({
    name: set.input.name.schema,
    value: z
      .string()
      .optional()
      .describe(
        'its value if it is no secret: an argument can be seen by others on this machine, and stays in the history of the shell (default: standard input without the line break at its end; on a terminal it is asked for and not shown)',
      ),
    remote: remoteFlag,
  }),
  positionals: ['name', 'value'],
  examples: [
    'plumb variables set API_REGION eu',
    'plumb variables set SIGNING_SECRET',
    'plumb variables set PRIVATE_KEY < key.pem',
  ],
  run: async ({ name, value: given, remote }, context) => {
    const value = given ?? (await readValue(name, context))
    requireShort(name, value)
    const target = await openTarget(remote, context)
    try {
      return await target.call(set, { name, value })
    } finally {
      await target.close()
    }
  },
  text: renderAnswer,
})

function readValue(name: string, { readSecret }: OperationContext): Promise<string> {
  if (readSecret !== undefined) return readSecret(`Value of ${name}`)
  throw new PlumbError({
    code: 'usage',
    message: `No value was given for ${name}.`,
    remedy: 'Give it after the name, or pipe it in.',
  })
}

/** Told here, where the value is not part of the message. */
function requireShort(name: string, value: string): void {
  const { maxLength } = set.input.value.schema
  if (maxLength === null || value.length <= maxLength) return
  throw new PlumbError({
    code: 'usage',
    message: `The value for ${name} has ${value.length} characters; at most ${maxLength} are kept.`,
    remedy: 'Keep what is longer elsewhere, and its address in the variable.',
  })
}
