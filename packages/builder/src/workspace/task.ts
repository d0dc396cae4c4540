import type { ApiDescription, Brief, Interaction, Provider } from '@plumb/protocol'
import type { WorkspaceDraft } from './workspace-draft.js'

export type Task = {
  readonly brief: Brief
  readonly interaction: Interaction
  readonly provider: Provider
  readonly description: ApiDescription
  readonly draft: WorkspaceDraft
  readonly namespace: string
}
