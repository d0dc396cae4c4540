import type { z } from 'zod'
import type { Config } from '../config.js'
import { wrongInput } from './wrong-input.js'

/** What every operation is handed beside its input. */
export type OperationContext = {
  readonly config: Config
  readonly signal: AbortSignal
  /** Tells a person what is going on; one line, never part of the result. */
  readonly progress: (line: string) => void
  /** Asks a person for a yes; absent when nobody is there. */
  readonly ask?: (question: string) => Promise<boolean>
  /** Takes a secret from a person or a pipe; absent where there is neither. Throws PlumbErrors `usage`, `cancelled`. */
  readonly readSecret?: (question: string) => Promise<string>
}

/** Where text goes. */
export type Terminal = { readonly columns: number; readonly color: boolean }

/**
 * One thing Plumb can do, declared once. The CLI command (and later the HTTP route, the MCP tool and the
 * client method) come from this: positionals and flags from `input`, help from the descriptions in it.
 */
export type Operation<Input extends z.ZodObject = z.ZodObject, Output = unknown> = {
  /** Words of the command, such as `connections add`. */
  readonly name: string
  readonly summary: string
  readonly input: Input
  /** Fields of `input` that are given by position; an array field takes the rest. */
  readonly positionals?: readonly string[]
  readonly examples: readonly string[]
  readonly run: (input: z.infer<Input>, context: OperationContext) => Promise<Output>
  /** The result for a person at a terminal. */
  readonly text: (output: Output, terminal: Terminal) => string | Promise<string>
  /** What `--json` prints, where it is not the whole result. */
  readonly json?: (output: Output) => unknown
  /** 0 unless the result itself is a no. */
  readonly exitCode?: (output: Output) => number
  /** What its exit codes mean, for the reference page. */
  readonly exits?: Readonly<Record<string, string>>
}

/** Ties an operation's input schema to its `run`, and forgets the types for the table of all operations. */
export function defineOperation<Input extends z.ZodObject, Output>(
  operation: Operation<Input, Output>,
): Operation {
  return {
    ...operation,
    run: async (input, context) => {
      const parsed = operation.input.safeParse(input, { reportInput: true })
      if (!parsed.success) throw wrongInput(operation, input, parsed.error)
      return operation.run(parsed.data, context)
    },
    text: (output, terminal) => operation.text(output as Output, terminal),
    json: (output) => (operation.json ? operation.json(output as Output) : output),
    exitCode: (output) => operation.exitCode?.(output as Output) ?? 0,
  }
}
