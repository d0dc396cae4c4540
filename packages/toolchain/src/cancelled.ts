import { PlumbError } from '@plumb/protocol'

/** That `what` ended because its signal was aborted. */
export function cancelled(what: 'check' | 'compilation'): PlumbError {
  return new PlumbError({
    code: 'cancelled',
    message: `The ${what} was cancelled before it finished.`,
    remedy: 'Run it again; what was finished before is kept.',
  })
}
