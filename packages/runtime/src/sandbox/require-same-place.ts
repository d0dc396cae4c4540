import { PlumbError } from '@plumb/protocol'
import type { Mount, SandboxBackend } from './sandbox.js'

/** Throws PlumbError 'sandbox-failed' for a mount that a backend without mounts cannot show elsewhere. */
export function requireSamePlace({ outside, inside }: Mount, backend: SandboxBackend): void {
  if (outside === inside) return
  throw new PlumbError({
    code: 'sandbox-failed',
    message: `The ${backend} box cannot show "${outside}" as "${inside}": it has no mounts of its own.`,
    remedy:
      'Use the same path inside and outside, or bubblewrap on Linux: `apt-get install bubblewrap`.',
  })
}
