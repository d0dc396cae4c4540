import { Command } from 'commander'
import type { CommanderError } from 'commander'
import type { ListedCommand } from '../operations/listed-commands.js'
import type { Operation } from '../operations/operation.js'
import { commandOf } from './command.js'
import { exitCodes } from './failure.js'

const groups: Readonly<Record<string, string>> = {
  bench: 'Measure what Plumb costs on this machine',
  connections: 'The accounts that Plumb may use',
  environments: 'What keeps development and production apart',
  keys: 'What opens an environment to programs',
  connect: 'Sessions in which end users connect accounts',
  integrations: 'The providers that an environment uses, with their OAuth clients',
  variables: 'What functions read as environment variables',
  deployments: 'What runs in an environment, and what ran before',
  records: 'What syncs have stored',
  syncs: 'Their schedules and runs',
  actions: 'Functions that do something in an account',
  logs: 'What was done, and what was told meanwhile',
  generate: 'Write files out of fixtures',
  docs: "Search providers' API descriptions",
  skills: 'What agents are taught, and how it does',
}

export type Execute = (operation: Operation, values: Record<string, unknown>) => Promise<void>

/**
 * The `plumb` command with one command per operation; `connections add` becomes a command in a group. What is only
 * listed stands in the help; it cannot be called.
 */
export function createProgram(
  operations: readonly (Operation | ListedCommand)[],
  version: string,
  execute: Execute,
): Command {
  const program = new Command('plumb')
  program
    .description('Builds API integrations with coding agents, proves them, and runs them.')
    .version(version)
    .option('--verbose', 'show stack traces of errors')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(plumb --help lists what there is)')
    .exitOverride()
  for (const operation of operations) {
    const words = operation.name.split(' ')
    const parent = words.slice(0, -1).reduce(groupOf, program)
    const command = 'run' in operation ? commandOf(operation, execute) : listed(operation)
    parent.addCommand(command.exitOverride())
  }
  return program
}

function listed({ name, summary, positionals }: ListedCommand): Command {
  const command = new Command(name.split(' ').at(-1)).description(summary)
  if (positionals !== '') command.arguments(positionals)
  return command.option('--json').action(() => {
    throw new Error(`The command "${name}" was not loaded.`)
  })
}

function groupOf(parent: Command, word: string): Command {
  const existing = parent.commands.find((command) => command.name() === word)
  if (existing) return existing
  const group = new Command(word).description(groups[word] ?? '').exitOverride()
  parent.addCommand(group)
  return group
}

/** Exit code of what commander threw: help and version are fine, everything else is a usage error. */
export function exitCodeOfCommander(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}
