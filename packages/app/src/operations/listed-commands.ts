import { commandTable } from './command-table.js'

/** What `plumb --help` says of a command. */
export type ListedCommand = {
  readonly name: string
  /** What stands by position, such as `<attempt> [paths...]`. */
  readonly positionals: string
  readonly summary: string
}

/** Every command in the order of `plumb --help`, which shows them without loading what they are made of. */
export const listedCommands: readonly ListedCommand[] = Object.entries(commandTable).map(
  ([usage, summary]) => {
    const words = usage.split(' ')
    const isPositional = (word: string) => /^[<[]/.test(word)
    const positionals = words.filter(isPositional).join(' ')
    return { name: words.filter((word) => !isPositional(word)).join(' '), positionals, summary }
  },
)
