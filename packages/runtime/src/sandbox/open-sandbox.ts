import { PlumbError } from '@plumb/protocol'
import { BubblewrapSandbox } from './bubblewrap/bubblewrap-sandbox.js'
import { detectBubblewrap, findBubblewrap } from './bubblewrap/detect-bubblewrap.js'
import { findControlGroupParent } from './control-group.js'
import { detectLandlock } from './landlock/detect-landlock.js'
import { findLandlockEntry } from './landlock/landlock-entry.js'
import { LandlockSandbox } from './landlock/landlock-sandbox.js'
import type { Sandbox, SandboxAvailability, SandboxBackend } from './sandbox.js'
import { detectSeatbelt } from './seatbelt/detect-seatbelt.js'
import { SeatbeltSandbox } from './seatbelt/seatbelt-sandbox.js'
import type { FilterArchitecture } from './seccomp/seccomp-filter.js'
import { isFilterArchitecture } from './seccomp/seccomp-filter.js'

/** An availability that also knows how to open what it speaks of. */
type Found = SandboxAvailability & { readonly open?: () => Sandbox }

type Backend = {
  readonly name: SandboxBackend
  readonly platform: NodeJS.Platform
  readonly find: (architecture: FilterArchitecture) => Promise<Found>
}

async function findBubblewrapBackend(architecture: FilterArchitecture): Promise<Found> {
  const found = await detectBubblewrap()
  const program = findBubblewrap()
  if (!found.available || program === null) return found
  const open = () =>
    new BubblewrapSandbox({ program, architecture, groupParent: findControlGroupParent() })
  return { ...found, open }
}

async function findLandlockBackend(architecture: FilterArchitecture): Promise<Found> {
  const { abi, ...found } = await detectLandlock()
  const entry = findLandlockEntry()
  if (!found.available || entry === null) return found
  const kernel = { architecture, abi }
  const open = () => new LandlockSandbox({ kernel, entry, groupParent: findControlGroupParent() })
  return { ...found, open }
}

async function findSeatbeltBackend(): Promise<Found> {
  const found = await detectSeatbelt()
  return found.available ? { ...found, open: () => new SeatbeltSandbox() } : found
}

/** In order of preference. */
const backends: readonly Backend[] = [
  { name: 'bubblewrap', platform: 'linux', find: findBubblewrapBackend },
  { name: 'landlock', platform: 'linux', find: findLandlockBackend },
  { name: 'seatbelt', platform: 'darwin', find: findSeatbeltBackend },
]

async function findBackend(backend: Backend): Promise<Found> {
  const no = (reason: string): Found => ({
    backend: backend.name,
    available: false,
    reason,
    remedy: '',
  })
  if (process.platform !== backend.platform)
    return no(`${backend.name} exists on ${backend.platform}; this is ${process.platform}.`)
  if (!isFilterArchitecture(process.arch))
    return no(`There is no system call filter for "${process.arch}", only for x64 and arm64.`)
  return backend.find(process.arch)
}

/** What each backend says about this machine, best first; for `plumb doctor`. */
export async function detectSandboxes(): Promise<readonly SandboxAvailability[]> {
  const found = await Promise.all(backends.map(findBackend))
  return found.map(({ backend, available, reason, remedy }) => ({
    backend,
    available,
    reason,
    remedy,
  }))
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
    const found = await findBackend(backend)
    if (found.open) return found.open()
    tried.push(found)
  }
  throw unavailable(tried)
}
