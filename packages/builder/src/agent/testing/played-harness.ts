import { EventQueue } from '../event-queue.js'
import { noTokens } from '../harness.js'
import type { Harness, HarnessEvent, Session } from '../harness.js'

/** What a played session does with a prompt: the events it tells, or an error with which it refuses. */
export type PlayedTurn = readonly HarnessEvent[] | Error

export type PlayedHarness = Harness & {
  readonly prompts: readonly string[]
  readonly aborts: () => number
  readonly closed: () => boolean
}

/** A harness without a model: each prompt plays the next turn. */
export function playHarness(...turns: readonly PlayedTurn[]): PlayedHarness {
  const prompts: string[] = []
  const queue = new EventQueue<HarnessEvent>()
  let aborts = 0
  let closed = false
  const prompt = async (text: string) => {
    const turn = turns[prompts.length] ?? []
    prompts.push(text)
    if (turn instanceof Error) throw turn
    for (const event of turn) queue.push(event)
  }
  const session: Session = {
    id: 'played',
    events: queue,
    prompt,
    abort: async () => void (aborts += 1),
    usage: () => ({ tokens: noTokens, costUsd: 0 }),
    attachUrl: 'http://localhost/played',
    close: async () => {
      closed = true
      queue.end()
    },
  }
  return {
    name: 'played',
    version: '1',
    startSession: async (start) => {
      await prompt(start.prompt)
      return session
    },
    saveDatabase: async () => {},
    close: async () => {},
    prompts,
    aborts: () => aborts,
    closed: () => closed,
  }
}

export const idle: HarnessEvent = { kind: 'idle' }

export function call(command: string): HarnessEvent {
  const body = {
    kind: 'tool-called',
    callId: 'c',
    tool: 'bash',
    input: { command },
    output: '',
    exitCode: 0,
    status: 'completed',
    durationMs: 1,
  } as const
  return { kind: 'trace', body }
}

export const usage = (input: number, costUsd = 0): HarnessEvent => ({
  kind: 'trace',
  body: { kind: 'usage', tokens: { ...noTokens, input }, costUsd },
})

export const says = (text: string): HarnessEvent => ({
  kind: 'trace',
  body: { kind: 'message', role: 'assistant', text },
})
