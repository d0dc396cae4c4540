import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { reduceDescription } from '../description/reduce-description.js'
import { agentsGuide } from './agents-guide.js'
import type { Task } from './task.js'

export type ScaffoldFile = {
  readonly path: string
  readonly content: string
  readonly protected: boolean
}

/** Operations shown in api.md beside the suggested one. */
const maxAlternatives = 5

function interactionFile({ brief, interaction, draft, namespace }: Task): string {
  const content: Record<string, unknown> = {
    ...interaction,
    kind: draft.kind,
    writes: interaction.writes === undefined ? null : Number(interaction.writes),
    expectedStatuses: interaction.expectedStatuses ?? [],
    integration: brief.connection.integration,
    namespace,
    suggestedOperation: draft.operation?.id ?? null,
    alternatives: draft.alternatives.map(({ id }) => id),
    openQuestions: draft.openQuestions,
    docs: brief.docs ?? [],
  }
  // What the person expects of the build is not the agent's business.
  delete content['expect']
  return `${JSON.stringify(content, null, 2)}\n`
}

function apiFile({ description, draft }: Task): string {
  const operations = [
    ...(draft.operation === null ? [] : [draft.operation]),
    ...draft.alternatives.slice(0, maxAlternatives),
  ]
  return reduceDescription(description, operations)
}

/** The skill as the package ships it. */
export async function readSkill(): Promise<string> {
  const path = new URL('../../skills/plumb-function/SKILL.md', import.meta.url)
  return readFile(fileURLToPath(path), 'utf8')
}

/** Every file that a fresh workspace holds; all but function.ts are read-only to the agent. */
export async function scaffoldFiles(task: Task): Promise<readonly ScaffoldFile[]> {
  const fixed = (path: string, content: string) => ({ path, content, protected: true })
  return [
    fixed('AGENTS.md', agentsGuide(task)),
    fixed('interaction.json', interactionFile(task)),
    fixed('api.md', apiFile(task)),
    fixed('.agents/skills/plumb-function/SKILL.md', await readSkill()),
    { path: 'function.ts', content: task.draft.source, protected: false },
  ]
}
