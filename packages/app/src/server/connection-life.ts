import type { ConnectionHooks, Syncs } from '@plumb/runtime'

/** What happens around a connection's life: the project's own functions first, then its syncs get their schedules. */
export function connectionLife(
  functions: ConnectionHooks,
  syncs: Pick<Syncs, 'ensureFor'>,
): ConnectionHooks {
  return {
    validate: (connection) => functions.validate(connection),
    deleting: (connection) => functions.deleting(connection),
    async created(connection) {
      await functions.created(connection)
      const { environment, integrationKey, connectionId } = connection
      await syncs.ensureFor({ environment, integrationKey, connectionId })
    },
  }
}
