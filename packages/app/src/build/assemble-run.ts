import type { BuildTools, PreparedBrief } from '@plumb/builder'
import type { Run } from '@plumb/protocol'

/** Writes one integration per API from the accepted functions of a run. */
export async function assembleRun(
  _tools: BuildTools,
  _order: { readonly run: Run; readonly briefs: readonly PreparedBrief[] },
): Promise<void> {}
