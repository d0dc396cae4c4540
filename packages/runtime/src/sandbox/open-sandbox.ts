import { PlumbError } from '@plumb/protocol'
import { BubblewrapSandbox } from './bubblewrap/bubblewrap-sandbox.js'
import { detectBubblewrap, findBubblewrap } from './bubblewrap/detect-bubblewrap.js'
import { findControlGroupParent } from './control-group.js'
import type { Sandbox, SandboxAvailability, SandboxBackend } from './sandbox.js'
import type { FilterArchitecture } from './seccomp/seccomp-filter.js'
import { isFilterArchitecture } from './seccomp/seccomp-filter.js'

type Backend = {
  readonly name: SandboxBackend
  readonly platform: NodeJS.Platform
  readonly detect: () => Promise<SandboxAvailability>
  readonly open: (architecture: FilterArchitecture) => Sandbox
}

/** In order of preference. */
const backends: readonly Backend[] = [
  {
    name: 'bubblewrap',
    platform: 'linux',
    detect: detectBubblewrap,
    open: (architecture) =>
      new BubblewrapSandbox({
        program: findBubblewrap() ?? 'bwrap',
        architecture,
        groupParent: findControlGroupParent(),
      }),
  },
]

async function availability(backend: Backend): Promise<SandboxAvailability> {
  const no = (reason: string): SandboxAvailability => ({
    backend: backend.name,
    available: false,
    reason,
    remedy: '',
  })
  if (process.platform !== backend.platform)
    return no(`${backend.name} exists on ${backend.platform}; this is ${process.platform}.`)
  if (!isFilterArchitecture(process.arch))
    return no(`There is no system call filter for "${process.arch}", only for x64 and arm64.`)
  return backend.detect()
}

/** What each backend says about this machine, best first; for `plumb doctor`. */
export async function detectSandboxes(): Promise<readonly SandboxAvailability[]> {
  return Promise.all(backends.map(availability))
}

function unavailable(tried: readonly SandboxAvailability[]): PlumbError {
  const remedies = tried.map(({ remedy }) => remedy).filter((remedy) => remedy !== '')
  return new PlumbError({
    code: 'sandbox-unavailable',
    message: `No box can be made on this machine. ${tried.map(({ backend, reason }) => `${backend}: ${reason}`).join(' ')}`,
    remedy: remedies.join(' Or: ') || 'Use Linux on x64 or arm64.',
  })
}

/**
 * Opens the best sandbox of this machine, or the one asked for. Throws PlumbError 'sandbox-unavailable', which names
 * what is missing and the command that installs it; there is no fallback without a boundary.
 */
export async function openSandbox(
  options: { readonly backend?: SandboxBackend } = {},
): Promise<Sandbox> {
  const wanted = backends.filter(({ name }) => [name, undefined].includes(options.backend))
  const tried: SandboxAvailability[] = []
  for (const backend of wanted) {
    const found = await availability(backend)
    if (found.available && isFilterArchitecture(process.arch)) return backend.open(process.arch)
    tried.push(found)
  }
  throw unavailable(tried)
}
