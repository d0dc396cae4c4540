import type { TraceEventBody } from '@plumb/protocol'

type ToolCalled = Extract<TraceEventBody, { kind: 'tool-called' }>

const writingTools = new Set(['write', 'edit', 'apply_patch'])
/** Shell commands that change files: redirections, `tee`, `sed -i`, `mv`, `cp`. */
const writingCommand = /(^|[^0-9&>])>>?(?!&)|\btee\b|\bsed\s+(-\w*\s+)*-\w*i|\b(mv|cp|patch)\b/
/** What a model writes about a call, beside the call. */
const remarks = new Set(['description', 'timeout'])

const evened = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.trim().replaceAll(/\s+/g, ' ') : value

function normalised({ tool, input }: ToolCalled): string {
  const fields =
    typeof input === 'object' && input !== null
      ? Object.entries(input).filter(([name]) => !remarks.has(name))
      : [['input', input] as const]
  return `${tool} ${JSON.stringify(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)),
    evened,
  )}`
}

function changesFiles({ tool, input }: ToolCalled): boolean {
  const command = (input as { command?: unknown } | null)?.command
  return writingTools.has(tool) || (typeof command === 'string' && writingCommand.test(command))
}

/**
 * Counts how often the same call was made while nothing new was written. A file change that was not made before starts
 * the count anew, because then the same command can give another answer.
 */
export class LoopGuard {
  readonly #changes = new Set<string>()
  #counts = new Map<string, number>()

  /** Takes a call; returns how many times it has now been made in vain. */
  count(call: ToolCalled): number {
    const key = normalised(call)
    const times = (this.#counts.get(key) ?? 0) + 1
    if (changesFiles(call) && !this.#changes.has(key)) {
      this.#changes.add(key)
      this.#counts = new Map([[key, 1]])
      return 1
    }
    this.#counts.set(key, times)
    return times
  }
}
