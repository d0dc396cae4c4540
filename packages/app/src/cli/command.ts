import { Command, Option } from 'commander'
import type { z } from 'zod'
import { baseSchema } from '../api/base-schema.js'
import { kebab } from '../operations/kebab.js'
import type { Operation } from '../operations/operation.js'

type Field = z.ZodType & { readonly description?: string | undefined }

/** Derives the command of an operation; `execute` gets the raw values, which the operation's schema parses. */
export function commandOf(
  operation: Operation,
  execute: (operation: Operation, values: Record<string, unknown>) => Promise<void>,
): Command {
  const positionals = operation.positionals ?? []
  const command = new Command(operation.name.split(' ').at(-1))
  command
    .description(operation.summary)
    .allowExcessArguments(false)
    .showHelpAfterError(`(plumb ${operation.name} --help shows what it takes)`)
  for (const name of positionals)
    command.argument(argumentSyntax(operation, name), describe(operation, name))
  for (const name of Object.keys(operation.input.shape)) {
    if (!positionals.includes(name)) command.addOption(optionOf(name, field(operation, name)))
  }
  command.option('--json', 'print the result as JSON')
  command.addHelpText('after', examplesText(operation))
  command.action(async (...received: unknown[]) => {
    const options = received.at(-2) as Record<string, unknown>
    const given = positionals.map((name, index) => [name, received[index]] as const)
    // A command that has others below it, as `providers` has, takes the flag before they see it.
    const { json } = command.optsWithGlobals<{ json?: boolean }>()
    await execute(operation, { ...options, json, ...Object.fromEntries(given) })
  })
  return command
}

function field(operation: Operation, name: string): Field {
  return operation.input.shape[name] as Field
}

function describe(operation: Operation, name: string): string {
  return field(operation, name).description ?? ''
}

function argumentSyntax(operation: Operation, name: string): string {
  const schema = field(operation, name)
  const label = kebab(name) + (baseSchema(schema).type === 'array' ? '...' : '')
  return schema.safeParse(undefined).success ? `[${label}]` : `<${label}>`
}

function optionOf(name: string, schema: Field): Option {
  const type = baseSchema(schema).type
  const flag = `--${kebab(name)}`
  const description = schema.description ?? ''
  if (type === 'boolean') {
    // What is on unless said otherwise is switched off by its flag.
    const on = schema.safeParse(undefined).data === true
    return new Option(on ? `--no-${kebab(name)}` : flag, description)
  }
  const option = new Option(`${flag} <${placeholder(type)}>`, description)
  const fallback = schema.safeParse(undefined)
  if (fallback.success && fallback.data !== undefined) option.default(fallback.data)
  if (type === 'array')
    // What is given replaces the default; it does not come on top of it.
    return option.argParser((value: string, all: string[] | undefined) =>
      all === undefined || all === fallback.data ? [value] : [...all, value],
    )
  // What is no number stays as it was typed, for the error to show.
  if (type === 'number')
    return option.argParser((value) => (Number.isNaN(Number(value)) ? value : Number(value)))
  return option
}

function placeholder(type: string): string {
  return type === 'number' ? 'number' : 'value'
}

function examplesText(operation: Operation): string {
  return `\nExamples:\n${operation.examples.map((line) => `  $ ${line}`).join('\n')}\n`
}
