import type { deploymentContracts, OutputOf } from '@plumb/protocol'
import { plain } from '../cli/terminal.js'

type Preview = OutputOf<(typeof deploymentContracts)['preview']>

/** What a deployment does to an environment. */
export type Effect = Pick<Preview, 'changes' | 'new_integrations' | 'warnings'>

type Change = Effect['changes'][number]

const signs = { added: '+', changed: '~', removed: '-' } as const

/** The changes for a person, by integration; `!` stands before what products may break by. */
export function renderChanges({ changes, new_integrations, warnings }: Effect): string[] {
  const lines: string[] = []
  let integration = ''
  for (const change of changes) {
    if (change.provider_config_key !== integration) lines.push(change.provider_config_key)
    integration = change.provider_config_key
    lines.push(...linesOf(change))
  }
  return [
    ...lines,
    ...new_integrations.map((key) => `Integration ${key} is created from the provider ${key}.`),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].map(plain)
}

function linesOf({ change, kind, name, details, destructive }: Change): string[] {
  const mark = destructive && change === 'removed' ? '!' : ' '
  return [
    `${mark} ${signs[change]} ${kind} ${name}`,
    ...details.map((detail) => `${detail.destructive ? '!' : ' '}     ${detail.text}`),
  ]
}

/** How many functions come, change and go. */
export function countChanges(changes: readonly Pick<Change, 'change'>[]): string {
  const counts = (['added', 'changed', 'removed'] as const)
    .map((kind) => ({ kind, count: changes.filter(({ change }) => change === kind).length }))
    .filter(({ count }) => count > 0)
  return counts.length === 0
    ? 'nothing changed'
    : counts.map(({ kind, count }) => `${count} ${kind}`).join(', ')
}
