import type { Finding } from '@plumb/protocol'
import type { Check, CheckInput } from '../verification-input.js'
import { seenFrom } from './shell-steps.js'
import type { ShellStep } from './shell-steps.js'
import { changesFiles, filePath, stepsOf, toolCalls } from './tool-calls.js'
import type { ToolCall } from './tool-calls.js'
import { insideWorkspace } from './workspace-path.js'

/** Did the agent try to read or write outside its workspace? The box makes it fail; the attempt is shown. */
export const workspaceLeft: Check = {
  name: 'trace-workspace',
  run: (input) =>
    toolCalls(input.evidence.trace).flatMap((call) => [
      ...byTool(input, call),
      ...byShell(input, call),
    ]),
}

function byTool(input: CheckInput, call: ToolCall): Finding[] {
  const path = filePath(call)
  if (path === null || !isElsewhere(path, input)) return []
  return changesFiles(call)
    ? [finding(call, `The agent tried to write ${path}, outside its workspace.`, ['F4', 'reject'])]
    : [finding(call, `The agent tried to read ${path}, outside its workspace.`, ['F1', 'warn'])]
}

function byShell(input: CheckInput, call: ToolCall): Finding[] {
  return stepsOf(call).flatMap((step) => {
    const written = step.writes.filter((path) => isElsewhere(path, input))
    const read = readPaths(step).filter(
      (path) => isElsewhere(path, input) && !written.includes(path),
    )
    return [
      ...written.map((path) =>
        finding(call, `The agent tried to write ${path}, outside its workspace.`, ['F4', 'warn']),
      ),
      ...read.map((path) =>
        finding(call, `The agent tried to read ${path}, outside its workspace.`, ['F1', 'warn']),
      ),
    ]
  })
}

const talkers = /^(plumb|echo|printf|grep|rg|jq|awk|sed|node|python3?|true|test|\[)$/

/** Words that are paths for certain; arguments of programs that take texts and expressions are not. */
function readPaths({ command: { words }, folder }: ShellStep): string[] {
  const [program = '', ...args] = words
  if (talkers.test(program)) return []
  const paths = args.filter((word) => /^(\/[\w.-]|~|\.\.(\/|$))/.test(word))
  return paths.map((path) => seenFrom(folder, path))
}

const everybodys = /^\/(dev\/(null|stdin|stdout|stderr|tty)|usr\/|bin\/|lib|tmp(\/|$)|opt\/)/

function isElsewhere(path: string, { workspaceRoot }: CheckInput): boolean {
  if (everybodys.test(path) || path.includes('$')) return false
  if (workspaceRoot === null && path.startsWith('/')) return false
  return insideWorkspace(path, workspaceRoot) === null
}

function finding(
  call: ToolCall,
  message: string,
  [behaviour, severity]: readonly [Finding['behaviour'], Finding['severity']],
): Finding {
  return {
    check: workspaceLeft.name,
    behaviour,
    severity,
    message,
    remedy: 'Everything an attempt needs lies in its workspace or behind the plumb tool.',
    pointer: { kind: 'trace', sequence: call.sequence },
  }
}
