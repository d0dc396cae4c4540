import type { WorkbenchOptions } from '../workbench.js'
import { openPlumb } from './open-plumb.js'
import type { Plumb } from './plumb.js'

/** Where a server of this machine is reached when nothing else is said. */
const localAddress = 'http://127.0.0.1:3003'

/** What a server works with, on the data folder and in this process; the caller closes it. */
export function openLocalPlumb(options: WorkbenchOptions): Promise<Plumb> {
  return openPlumb({ ...options, publicUrl: () => localAddress })
}

/** The same for the time of `work`. */
export async function withPlumb<Result>(
  options: WorkbenchOptions,
  work: (plumb: Plumb) => Promise<Result>,
): Promise<Result> {
  const plumb = await openLocalPlumb(options)
  try {
    return await work(plumb)
  } finally {
    await plumb.close()
  }
}
