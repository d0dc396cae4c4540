import { deploymentContracts, environmentSchema } from '@plumb/protocol'
import type { OutputOf } from '@plumb/protocol'
import { z } from 'zod'
import { openTarget } from '../contract-commands/open-target.js'
import { remoteFlag } from '../contract-commands/remote-flag.js'
import { countChanges, renderChanges } from '../deploy/render-changes.js'
import { defineOperation } from './operation.js'

type RolledBack = OutputOf<(typeof deploymentContracts)['rollback']> & {
  readonly environment: string
}

/** `plumb rollback`: runs again what an earlier deployment had, without asking: it is for emergencies. */
export const rollback = defineOperation({
  name: 'rollback',
  summary: 'Run again what an earlier deployment had',
  input: z.object({
    environment: environmentSchema.describe('where, such as prod'),
    deployment: z
      .string()
      .default('previous')
      .describe('id of a deployment, as `plumb deployments list` shows it'),
    message: z.string().max(1000).optional().describe('why, for the list of deployments'),
    remote: remoteFlag,
  }),
  positionals: ['environment', 'deployment'],
  examples: ['plumb rollback prod', 'plumb rollback prod dep_5f0c2d --message "wrong scopes"'],
  run: async ({ environment, deployment: id, message, remote }, context): Promise<RolledBack> => {
    const config = { ...context.config, environmentName: environment }
    const target = await openTarget(remote, { ...context, config })
    try {
      const input = { id, environment, message }
      const outcome = await target.call(deploymentContracts.rollback, input)
      return { environment, ...(outcome as Omit<RolledBack, 'environment'>) }
    } finally {
      await target.close()
    }
  },
  text: ({ environment, deployed, deployment, ...effect }) =>
    [
      ...renderChanges(effect),
      deployed
        ? `${environment} runs ${deployment.restored_from} again, as ${deployment.id} (number ${deployment.number}): ${countChanges(effect.changes)}.`
        : `${environment} runs this already: ${deployment.id} (number ${deployment.number}).`,
    ].join('\n'),
})
