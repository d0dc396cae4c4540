import type { Operation } from '../operations/operation.js'
import { commandOf } from './command.js'

export type CommandOption = {
  /** With its dashes. */
  readonly flag: string
  readonly takesValue: boolean
  readonly description: string
  readonly values: readonly string[]
}

/** The options of an operation's command as the command line really has them. */
export function optionsOf(operation: Operation): CommandOption[] {
  const command = commandOf(operation, async () => undefined)
  return command.options.map((option) => ({
    flag: option.long ?? option.flags,
    takesValue: option.required || option.optional,
    description: option.description,
    values: option.argChoices ?? [],
  }))
}

/** How an operation is called, such as `plumb trace <attempt> [options]`. */
export function usageOf(operation: Operation): string {
  return ['plumb', operation.name, positionalsOf(operation), '[options]'].filter(Boolean).join(' ')
}

/** What stands by position, such as `<attempt> [paths...]`. */
export function positionalsOf(operation: Operation): string {
  const { registeredArguments } = commandOf(operation, async () => undefined)
  const named = registeredArguments.map((argument) => {
    const label = argument.name() + (argument.variadic ? '...' : '')
    return argument.required ? `<${label}>` : `[${label}]`
  })
  return named.join(' ')
}

/** What stands by position: name and description. */
export function argumentsOf(operation: Operation): { name: string; description: string }[] {
  const command = commandOf(operation, async () => undefined)
  return command.registeredArguments.map((argument) => ({
    name: argument.name(),
    description: argument.description,
  }))
}
