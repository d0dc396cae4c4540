import type { WorkbenchOptions } from '../workbench.js'
import { openPlumb } from './open-plumb.js'
import type { Plumb } from './plumb.js'

/** Where a server of this machine is reached when nothing else is said. */
const localAddress = 'http://127.0.0.1:3003'

/** Opens what a server works with for the time of `work`, on the data folder and in this process. */
export async function withPlumb<Result>(
  options: WorkbenchOptions,
  work: (plumb: Plumb) => Promise<Result>,
): Promise<Result> {
  const plumb = await openPlumb({ ...options, publicUrl: () => localAddress })
  try {
    return await work(plumb)
  } finally {
    await plumb.close()
  }
}
