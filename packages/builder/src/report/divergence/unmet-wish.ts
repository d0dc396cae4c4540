import type { TraceEvent, UnmetWish } from '@plumb/protocol'
import { shellCommands } from '../../reading/shell-commands.js'

type AskedFor = Pick<UnmetWish, 'kind' | 'asked' | 'nearest'>

/** What an event asked a tool for that does not exist: a verb, an option or a program; else null. */
export function askedFor(event: TraceEvent): AskedFor | null {
  if (event.kind === 'plumb-called') return event.known ? unknownOption(event) : unknownVerb(event)
  return event.kind === 'tool-called' && event.exitCode === 127 ? unknownProgram(event) : null
}

type PlumbCalled = Extract<TraceEvent, { kind: 'plumb-called' }>

function unknownVerb({ verb, summary }: PlumbCalled): AskedFor {
  const nearest = /"didYouMean":"([^"]+)"/.exec(summary)?.[1] ?? null
  // Words after an unknown verb are mostly its arguments; only its own name is what was wished for.
  const [first = ''] = verb.split(' ')
  return { kind: 'verb', asked: `plumb ${first}`, nearest }
}

function unknownOption({ verb, exitCode, summary }: PlumbCalled): AskedFor | null {
  const option = /\\?"(--[\w-]+)\\?" is not an option here/.exec(summary)?.[1]
  if (exitCode !== 64 || option === undefined) return null
  const nearest = /There is (--[^"\\]*?)\.?"/.exec(summary)?.[1] ?? null
  return { kind: 'option', asked: `plumb ${verb} ${option}`, nearest }
}

function unknownProgram(event: Extract<TraceEvent, { kind: 'tool-called' }>): AskedFor | null {
  const told = /(?:^|[\s:])([\w./+-]+): (?:command )?not found/.exec(event.output)?.[1]
  const { command } = event.input as { command?: unknown }
  const typed = typeof command === 'string' ? shellCommands(command)[0]?.words[0] : undefined
  const asked = told ?? typed
  return asked === undefined ? null : { kind: 'program', asked, nearest: null }
}

/** What the agent of one attempt asked for and did not get. */
export function unmetWishes(attemptId: string, trace: readonly TraceEvent[]): UnmetWish[] {
  const asked = trace.flatMap((event) => askedFor(event) ?? [])
  return addWishes(asked.map((wish) => ({ ...wish, count: 1, attempts: [attemptId] })))
}

/** Equal wishes added up, the most wanted first. */
export function addWishes(wishes: readonly UnmetWish[]): UnmetWish[] {
  const sums = new Map<string, UnmetWish>()
  for (const wish of wishes) {
    const known = sums.get(wish.asked)
    sums.set(wish.asked, {
      ...wish,
      count: (known?.count ?? 0) + wish.count,
      attempts: [...new Set([...(known?.attempts ?? []), ...wish.attempts])],
    })
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.asked < b.asked ? -1 : 1))
}
