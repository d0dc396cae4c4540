import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SandboxAvailability } from '../sandbox.js'
import { findLandlockEntry } from './landlock-entry.js'

const run = promisify(execFile)

export type LandlockAvailability = SandboxAvailability & { readonly abi: number }

const answer = (available: boolean, reason: string, remedy: string): LandlockAvailability => ({
  backend: 'landlock',
  available,
  reason,
  remedy,
  abi: 0,
})

/** Asks the kernel for its Landlock interface in a process of its own, so that no native code enters this one. */
export async function detectLandlock(): Promise<LandlockAvailability> {
  const entry = findLandlockEntry()
  if (entry === null)
    return answer(false, 'landlock-exec has not been compiled.', 'Run `npm run build`.')
  try {
    const { stdout } = await run(process.execPath, [entry, 'probe'], { env: {} })
    const abi = Number(stdout)
    return { ...answer(true, `Landlock interface ${abi} of this kernel.`, ''), abi }
  } catch (error) {
    return explain(error instanceof Error ? error.message : String(error))
  }
}

function explain(text: string): LandlockAvailability {
  if (/errno (38|95)\b/.test(text))
    return answer(
      false,
      'This kernel has no Landlock, or it is switched off.',
      'Use Linux 5.13 or newer with `landlock` in the boot parameter `lsm=` (`cat /sys/kernel/security/lsm` lists what is on).',
    )
  return answer(
    false,
    `landlock-exec cannot run: ${text.split('\n').slice(-2).join(' ').trim()}`,
    'Install the native dependency: `npm install koffi`.',
  )
}
