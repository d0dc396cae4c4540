import type { Message, Part, ToolPart } from '@opencode-ai/sdk/v2'
import type { TokenUsage, TraceEventBody } from '@plumb/protocol'
import { noTokens } from '../harness.js'
import type { SessionUsage } from '../harness.js'

export type SessionRow = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

export type MessageError = NonNullable<Extract<Message, { role: 'assistant' }>['error']>

function addTokens(sum: TokenUsage, more: TokenUsage): TokenUsage {
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    reasoning: sum.reasoning + more.reasoning,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
  }
}

function toolCalled({ callID, tool, state }: ToolPart, end: number): TraceEventBody {
  const ended = state.status === 'completed' || state.status === 'error'
  const start = state.status === 'pending' ? end : state.time.start
  const exit = state.status === 'completed' ? state.metadata['exit'] : null
  const outputs = { completed: 'output', error: 'error' } as const
  const output = ended
    ? String((state as unknown as Record<string, unknown>)[outputs[state.status]])
    : 'The call was interrupted.'
  return {
    kind: 'tool-called',
    callId: callID,
    tool,
    input: state.input,
    output,
    exitCode: typeof exit === 'number' ? exit : null,
    status: state.status === 'completed' ? 'completed' : 'error',
    durationMs: Math.max((ended ? state.time.end : end) - start, 0),
  }
}

/** Turns the rows that OpenCode writes for one session into trace events; each thing that happened is told once. */
export class TraceMapper {
  readonly #roles = new Map<string, string>()
  readonly #told = new Set<string>()
  readonly #running = new Map<string, ToolPart>()
  #usage: SessionUsage = { tokens: noTokens, costUsd: 0 }
  #error: MessageError | null = null

  /** Sum over the finished steps. */
  get usage(): SessionUsage {
    return this.#usage
  }

  /** The error of the newest answer of the model, or null. */
  get error(): MessageError | null {
    return this.#error
  }

  map({ type, data }: SessionRow): TraceEventBody[] {
    if (type.startsWith('message.updated')) return this.#message(data['info'] as Message)
    if (type.startsWith('message.part.updated'))
      return this.#part(data['part'] as Part, Number(data['time']))
    return []
  }

  /** The tool calls that had begun and will never end, once the server is gone. */
  interrupt(now: number): TraceEventBody[] {
    const calls = [...this.#running.values()].map((part) => toolCalled(part, now))
    for (const id of this.#running.keys()) this.#told.add(id)
    this.#running.clear()
    return calls
  }

  #message(message: Message): TraceEventBody[] {
    this.#roles.set(message.id, message.role)
    if (message.role === 'assistant') this.#error = message.error ?? null
    return []
  }

  #part(part: Part, at: number): TraceEventBody[] {
    if (this.#told.has(part.id)) return []
    if (part.type === 'text') return this.#text(part)
    if (part.type === 'tool') return this.#tool(part, at)
    if (part.type !== 'step-finish') return []
    this.#told.add(part.id)
    const { input, output, reasoning, cache } = part.tokens
    const tokens = { input, output, reasoning, cacheRead: cache.read, cacheWrite: cache.write }
    this.#usage = {
      tokens: addTokens(this.#usage.tokens, tokens),
      costUsd: this.#usage.costUsd + part.cost,
    }
    return [{ kind: 'usage', tokens, costUsd: part.cost }]
  }

  #text(part: Extract<Part, { type: 'text' }>): TraceEventBody[] {
    const role = this.#roles.get(part.messageID) === 'user' ? 'user' : 'assistant'
    const finished = role === 'user' || part.time?.end !== undefined
    if (!finished || part.text === '' || part.synthetic === true) return []
    this.#told.add(part.id)
    return [{ kind: 'message', role, text: part.text }]
  }

  #tool(part: ToolPart, at: number): TraceEventBody[] {
    if (part.state.status === 'pending') return []
    this.#running.set(part.id, part)
    if (part.state.status === 'running') return []
    this.#running.delete(part.id)
    this.#told.add(part.id)
    return [toolCalled(part, at)]
  }
}
