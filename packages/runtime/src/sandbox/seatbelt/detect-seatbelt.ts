import { existsSync } from 'node:fs'
import type { SandboxAvailability } from '../sandbox.js'

/** Part of every macOS. */
export const seatbeltProgram = '/usr/bin/sandbox-exec'

/** Says whether macOS has its sandbox; the backend is untested, and its reason says so. */
export async function detectSeatbelt(): Promise<SandboxAvailability> {
  const available = existsSync(seatbeltProgram)
  const reason = available
    ? `${seatbeltProgram} exists. Untested: this backend has not been run on macOS yet.`
    : `${seatbeltProgram} does not exist. Untested: this backend has not been run on macOS yet.`
  const remedy = available ? '' : 'Run Plumb in a Linux virtual machine or container.'
  return { backend: 'seatbelt', available, reason, remedy }
}
