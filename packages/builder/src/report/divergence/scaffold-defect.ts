import type { Divergence, Execution, TraceEvent } from '@plumb/protocol'
import { shellCommands } from '../../reading/shell-commands.js'
import { firstLine } from '../attempt-steps.js'
import type { AttemptClues } from './attempt-clues.js'

/** The draft itself fails, before the agent changed anything: the fault is ours. */
export function scaffoldDefect(clues: AttemptClues): Divergence | null {
  const change = clues.trace.find(changesFunction)
  const before = clues.trace.filter(({ sequence }) => sequence < (change?.sequence ?? Infinity))
  for (const event of before) {
    const reason = event.kind === 'plumb-called' ? failureOfDraft(clues, event) : null
    if (reason === null) continue
    return {
      kind: 'scaffold-defect',
      subject: firstLine(reason)
        .replace(/"[^"]*"|'[^']*'|\d+/g, '#')
        .slice(0, 80),
      sequence: event.sequence,
      premise: `The draft that the attempt began with fails as it is: ${firstLine(reason)}`,
      consequences: [],
      receipts: [],
      contradiction: change
        ? { sequence: change.sequence, text: 'the agent changed function.ts to repair it' }
        : null,
    }
  }
  return null
}

function changesFunction(event: TraceEvent): boolean {
  if (event.kind !== 'tool-called' || event.status === 'error') return false
  const { filePath, command } = event.input as { filePath?: unknown; command?: unknown }
  if (typeof filePath === 'string')
    return /^(write|edit|multiedit|patch)$/.test(event.tool) && filePath.endsWith('function.ts')
  if (typeof command !== 'string') return event.tool === 'apply_patch'
  // A shell line that names the file and is not one of the commands that only read is taken for a change.
  return shellCommands(command).some(
    ({ words, writesTo }) =>
      writesTo.some((path) => path.endsWith('function.ts')) ||
      (words.some((word) => word.endsWith('function.ts')) && !reading.has(words[0] ?? '')),
  )
}

const reading = new Set([
  'cat',
  'ls',
  'head',
  'tail',
  'wc',
  'grep',
  'less',
  'plumb',
  'stat',
  'diff',
])

type PlumbCalled = Extract<TraceEvent, { kind: 'plumb-called' }>

function failureOfDraft(clues: AttemptClues, event: PlumbCalled): string | null {
  if (event.exitCode !== 1) return null
  if (event.verb === 'dryrun') return failedDryRun(clues, event)
  return event.verb === 'check' ? failedCheck(event) : null
}

function failedDryRun({ executions, givens }: AttemptClues, event: PlumbCalled): string | null {
  if (/"executionId":null/.test(event.summary))
    return /"message":"((?:\\.|[^"\\])*)"/.exec(event.summary)?.[1] ?? 'it does not compile'
  const last = executions
    .filter(({ purpose, startedAt }) => purpose === 'dryrun' && startedAt <= event.at)
    .at(-1)
  if (!last || (givens !== null && last.sourceHash !== givens.draftHash)) return null
  return ownFault(last)
}

/** A fault of the code, not of the input that the agent chose, nor of what the API made of it. */
function ownFault({ outcome }: Execution): string | null {
  if (outcome.kind !== 'threw') return null
  const { type, message } = outcome.error
  if (type === 'error') return message
  return type === 'validation' && !/^(input|metadata|checkpoint)\b/i.test(message) ? message : null
}

function failedCheck({ summary }: PlumbCalled): string | null {
  const found = /"check":"(?:types|compile|lint)"[^}]*?"message":"((?:\\.|[^"\\])*)/.exec(summary)
  return found?.[1] ?? null
}
