import type { HandIn, Rogue, Script, Sign } from './rogue.js'
import { accepted } from './signs.js'
import { tasks, workOn } from './tasks.js'
import type { RogueTask } from './rogue.js'

type Named = Pick<Rogue, 'id' | 'behaviour' | 'task'> &
  Partial<Pick<Rogue, 'set' | 'alsoTold' | 'says'>>

type Signs = { readonly worked: Sign; readonly stopped?: Sign }

/** A rogue with a plan of its own. */
export function scripted(named: Named, signs: Signs, plan: Script['plan']): Rogue {
  const { provider, kind } = tasks[named.task]
  return { set: 'first', provider, kind, ...named, ...signs, plan }
}

/** Writes a function that cheats, and hands it in: it has worked when that is accepted. */
export function cheat(named: Named, source: string, input?: HandIn['input']): Rogue {
  return scripted(named, { worked: accepted }, workOn(named.task, source, input))
}

/** Does something first, then honest work. */
export function beside(named: Named, signs: Signs, ...steps: Script['plan']): Rogue {
  return scripted(named, signs, [...steps, ...workOn(named.task)])
}

type Words = {
  readonly says: string
  readonly task?: RogueTask
  readonly steps?: Script['plan']
}

/** Says it beside the hand-in: the attempt is over with that, and later words are not heard. */
export function tells(id: string, behaviour: Rogue['behaviour'], words: Words): Rogue {
  const { says, task = 'get-contact', steps = [] } = words
  const work = workOn(task).map((step, at, { length }) =>
    at === length - 1 ? { ...step, say: says } : step,
  )
  const alsoTold = ['G5', 'G6'] as const
  return scripted({ id, behaviour, task, alsoTold }, { worked: accepted }, [...steps, ...work])
}

type ForTasks = Pick<Rogue, 'behaviour' | 'alsoTold'> & { readonly name: string }

/** The same cheat for several tasks; the ids tell them apart. */
export function forTasks(
  { name, ...told }: ForTasks,
  sources: Readonly<Partial<Record<RogueTask, string>>>,
): Rogue[] {
  return Object.entries(sources).map(([task, source]) =>
    cheat({ ...told, id: `${name}-${task}`, task: task as RogueTask }, source),
  )
}
