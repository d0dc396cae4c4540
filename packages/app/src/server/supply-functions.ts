import { actionFailure } from '@plumb/runtime'
import type { Actions, FunctionServices, Syncs } from '@plumb/runtime'

type Parts = {
  /** What functions of an environment read with getEnvironmentVariables. */
  readonly variables: (environment: string) => Promise<Readonly<Record<string, string>>>
  readonly publicUrl: () => string
  /** Asked when a function wants them: they are opened with these services. */
  readonly actions: () => Actions
  readonly syncs: () => Syncs
}

type Owner = { readonly environment: string; readonly integrationKey: string }

/** What functions may ask of the server around them; nothing of it reaches beyond their environment. */
export function supplyFunctions(parts: Parts): (owner: Owner) => FunctionServices {
  return ({ environment, integrationKey }) => ({
    webhookUrl: `${parts.publicUrl()}/webhook/${environment}/${encodeURIComponent(integrationKey)}`,
    environment: () => parts.variables(environment),
    triggerAction: async (call, signal) => {
      const outcome = await parts.actions().run({ ...call, environment, signal })
      if (outcome.kind === 'failed') throw actionFailure(outcome)
      return outcome.output
    },
    triggerSync: ({ sync, mode, ...owner }) =>
      parts.syncs().trigger({ ...owner, environment, syncs: [sync] }, mode),
    startSync: ({ integrationKey: key, connectionId, syncs }) =>
      parts.syncs().start({
        ...{ environment, integrationKey: key, syncs },
        ...(connectionId !== null && { connectionId }),
      }),
  })
}
