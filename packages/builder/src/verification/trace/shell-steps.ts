import { posix } from 'node:path'
import { shellCommands } from '../../reading/shell-commands.js'
import type { ShellCommand } from '../../reading/shell-commands.js'
import { scriptWrites, writtenFiles } from './written-files.js'

/** One simple command of a shell line, with the folder it runs in, relative to where the line began. */
export type ShellStep = {
  readonly command: ShellCommand
  readonly folder: string
  /** Files it means to change, seen from where the line began. */
  readonly writes: readonly string[]
}

const maxDepth = 4
const shells = /^(.*\/)?(ba|da|z)?sh$/
const fedProgram =
  /(?:^|[\n;&|(]\s*)([\w/.]+)([^\n;&|]*)<<-?\s*(['"]?)(\w+)\3[^\n]*\n([\s\S]*?)\n[\t ]*\4(?=\n|$)/g

/** The commands of a line, those that it hands to another shell or interpreter included. */
export function shellSteps(line: string, folder = '', depth = 0): ShellStep[] {
  if (depth > maxDepth) return []
  let at = folder
  const steps = shellCommands(line).flatMap((command): ShellStep[] => {
    const [program = '', ...args] = command.words
    const step = {
      command,
      folder: at,
      writes: writtenFiles(command).map((path) => seenFrom(at, path)),
    }
    if (program === 'cd') at = seenFrom(at, args[0] ?? '~')
    const inner = innerLine(program, args)
    return inner === null ? [step] : [step, ...shellSteps(inner, at, depth + 1)]
  })
  return [...steps, ...fedSteps(line, at, depth)]
}

/** `path`, given in `folder`, as it is called where the line began. */
export function seenFrom(folder: string, path: string): string {
  if (folder === '' || /^[/~$]/.test(path)) return path
  return posix.join(folder, path)
}

function innerLine(program: string, args: readonly string[]): string | null {
  if (program === 'eval') return args.join(' ')
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  return shells.test(program) && flag >= 0 ? (args[flag + 1] ?? null) : null
}

/** Programs that a here-document feeds to a shell or an interpreter. */
function fedSteps(line: string, folder: string, depth: number): ShellStep[] {
  return [...line.matchAll(fedProgram)].flatMap(([, program = '', , , , text = '']) => {
    if (shells.test(program)) return shellSteps(text, folder, depth + 1)
    if (!/^(.*\/)?(node|python3?|ruby|perl)$/.test(program)) return []
    const writes = scriptWrites(text).map((path) => seenFrom(folder, path))
    return [{ command: { words: [program], writesTo: [] }, folder, writes }]
  })
}
