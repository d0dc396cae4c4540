import { PlumbError } from '@plumb/protocol'
import type { Execution, JsonObject } from '@plumb/protocol'
import { abandonRecords, listLostSlices, prepareRun, setConnectionMetadata } from '@plumb/store'
import type { DeployedFunction, SliceStart } from '@plumb/store'
import { executeFunction } from '../execution/execute-function.js'
import { storedLocks } from '../execution/stored-locks.js'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { pausingCheckpoints } from './slice-checkpoints.js'
import { countsOf, takenOver } from './slice.js'
import type { Slice } from './slice.js'
import type { SyncParts } from './sync-parts.js'

const watchMs = 2000

/** Calls the function with what is stored for its sync. Throws PlumbErrors of what it needs and does not find. */
export async function executeSlice(slice: Slice): Promise<Execution> {
  const { parts, start, run, log, stop } = slice
  const deployed = await functionOf(parts, start)
  const { compiled, allow } = deployed
  if (!start.prepared) await prepare(slice, deployed)
  const gatewayOf = (key: {
    readonly integrationKey: string
    readonly connectionId: string
  }): Promise<ConnectionGateway> =>
    parts.gateway.forConnection({
      ...{ environment: start.environment, purpose: 'execution', executionId: log.id, log },
      ...{ integrationKey: key.integrationKey, connectionId: key.connectionId },
    })
  const gateway = await gatewayOf(start)
  const begun = performance.now()
  const unwatch = watch(slice)
  return executeFunction({
    ...{ pool: parts.pool, gateway, compiled, purpose: 'execution', log },
    records: slice.records,
    locks: storedLocks(parts.store.db, start),
    checkpoints: pausingCheckpoints({
      db: parts.store.db,
      slice: start,
      counts: () => countsOf(slice),
      saved: () => run.progressed(),
      spent: () => performance.now() - begun >= parts.limits.sliceMs,
      pause: (reason) => {
        slice.paused = reason
        stop.abort(new Error('The slice ends at its checkpoint.'))
      },
    }),
    lastSyncDate: start.mode === 'incremental' ? start.lastSyncAt : null,
    variant: start.variant,
    credentialAccess: allow.credentials ? 'allowed' : 'refused',
    outsideCalls: allow.uncontrolledFetch ? 'allowed' : 'refused',
    services: parts.services(start),
    otherConnection: gatewayOf,
    keepMetadata: (metadata: JsonObject) =>
      setConnectionMetadata(parts.store.db, { ...start, metadata }),
    deadlineMs: parts.limits.longestSliceMs,
    signal: AbortSignal.any([run.signal, stop.signal]),
    ids: { executionId: log.id },
    onAccessLost: (cause) => {
      slice.refused = cause
    },
  }).finally(unwatch)
}

/** Ends a slice whose sync was removed, though its function does nothing that would show it. */
function watch(slice: Slice): () => void {
  const { start, stop, parts } = slice
  const look = async (): Promise<void> => {
    const lost = await listLostSlices(parts.store.db, [start]).catch(() => [])
    if (lost.length === 0) return
    slice.gone = true
    stop.abort(takenOver(start))
  }
  const timer = setInterval(() => void look(), watchMs)
  return () => clearInterval(timer)
}

async function functionOf(parts: SyncParts, start: SliceStart): Promise<DeployedFunction> {
  const { environment, integrationKey, name, deploymentId } = start
  const found = await parts.findFunction(parts.store.db, {
    ...{ environment, integrationKey, name, kind: 'sync' },
    ...(deploymentId !== null && { deploymentId }),
  })
  if (found !== null) return found
  throw new PlumbError({
    code: 'function-not-found',
    message: `Integration "${integrationKey}" has no deployed sync "${name}".`,
    remedy: 'Deploy it: `plumb deploy`.',
  })
}

async function prepare(
  { parts, start }: Slice,
  { compiled, deploymentId }: DeployedFunction,
): Promise<void> {
  const models = Object.keys(compiled.definition.models)
  const now = new Date().toISOString()
  const clear = { ...start, models }
  const kept = await prepareRun(parts.store.db, { ...start, deploymentId }, (tx) =>
    abandonRecords(tx, clear, now),
  )
  if (!kept) throw takenOver(start)
}
