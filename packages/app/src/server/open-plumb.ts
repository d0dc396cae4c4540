import { openWorkbench } from '../workbench.js'
import type { WorkbenchOptions } from '../workbench.js'
import type { Plumb } from './plumb.js'

export type OpenPlumbOptions = WorkbenchOptions & {
  /** Where callbacks and webhooks come back to, without a trailing slash. */
  readonly publicUrl: string
}

/** Opens everything that handlers work with, and nothing that takes requests. The caller closes it. */
export async function openPlumb(options: OpenPlumbOptions): Promise<Plumb> {
  const workbench = await openWorkbench(options)
  return { ...workbench, publicUrl: options.publicUrl }
}
