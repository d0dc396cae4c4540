import type { TraceEvent } from '@plumb/protocol'
import { shellCommands } from '../../reading/shell-commands.js'
import type { ShellCommand } from '../../reading/shell-commands.js'
import { shellSteps } from './shell-steps.js'
import type { ShellStep } from './shell-steps.js'

export type ToolCall = Extract<TraceEvent, { kind: 'tool-called' }>

/** The harness's tool calls of an attempt, in order. */
export function toolCalls(trace: readonly TraceEvent[]): ToolCall[] {
  return trace.filter((event) => event.kind === 'tool-called')
}

/** The shell line of a call; null for other tools. */
export function shellLine(call: ToolCall): string | null {
  return text(call, 'command')
}

/** The simple commands of a call's shell line; none for other tools. */
export function commandsOf(call: ToolCall): ShellCommand[] {
  const line = shellLine(call)
  return line === null ? [] : shellCommands(line)
}

/** The commands of a call's shell line, with what they hand to other shells; none for other tools. */
export function stepsOf(call: ToolCall): ShellStep[] {
  const line = shellLine(call)
  return line === null ? [] : shellSteps(line)
}

/** The file a tool other than the shell was pointed at. */
export function filePath(call: ToolCall): string | null {
  return text(call, 'filePath') ?? text(call, 'path') ?? text(call, 'workdir')
}

/** True for the tools that change files. */
export function changesFiles({ tool }: ToolCall): boolean {
  return /^(write|edit|multiedit|patch|apply_patch)$/.test(tool)
}

function text({ input }: ToolCall, name: string): string | null {
  if (typeof input !== 'object' || input === null) return null
  const value = Object.entries(input as Readonly<Record<string, unknown>>).find(
    ([key]) => key === name,
  )?.[1]
  return typeof value === 'string' && value !== '' ? value : null
}
