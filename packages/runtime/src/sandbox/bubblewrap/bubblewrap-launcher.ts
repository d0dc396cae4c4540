import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { insideScript, insideShell } from '../inside-script.js'
import { shellQuote } from '../shell-quote.js'
import type { SandboxPolicy } from '../sandbox.js'
import type { BubblewrapState } from './bubblewrap-state.js'

type LauncherParts = {
  readonly program: string
  readonly folder: string
  readonly state: BubblewrapState
  readonly membersFile: string | null
  /** Stands in the command line of every box of this launcher, so that they can be found. */
  readonly mark: string
}

/** Goes to where the caller stands, if the box has that place, and becomes the shell that was asked for. */
const runShell = `cd -- "$1" 2>/dev/null; unset OLDPWD; shift; exec ${insideShell} "$@"`

/** The launcher as a POSIX script: no word of it comes from the command that it is called with. */
export function bubblewrapLauncher(policy: SandboxPolicy, parts: LauncherParts): string {
  const optionsPath = join(parts.folder, 'options')
  writeFileSync(optionsPath, parts.state.options, { mode: 0o600 })
  const [options, filter] = [shellQuote(optionsPath), shellQuote(parts.state.filterPath)]
  const failed = (what: string) => `{ echo ${shellQuote(`plumb: ${what}`)} >&2; exit 126; }`
  const joinGroup = parts.membersFile
    ? [`echo 0 > ${shellQuote(parts.membersFile)} || ${failed('the box is closed')}`]
    : []
  const inside = insideScript(policy.limits, 2)
  const command = [
    ...['exec', shellQuote(parts.program), '--args 8 --seccomp 9 --'],
    ...[insideShell, '-c', shellQuote(`${inside}\n${runShell}`), shellQuote(parts.mark)],
    ...['"$PWD"', '"$@"', `8<${options}`, `9<${filter}`],
  ]
  return [
    '#!/bin/sh',
    `[ -r ${options} ] && [ -r ${filter} ] || ${failed('the box has no parameters')}`,
    ...joinGroup,
    command.join(' '),
    '',
  ].join('\n')
}
