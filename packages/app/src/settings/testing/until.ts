import { setTimeout as sleep } from 'node:timers/promises'

/** For what must happen, on a machine however busy; and for what must not. */
export const [patient, brief] = [4800, 100]

/** Whether `look` came to hold. */
export async function until(
  look: () => Promise<boolean> | boolean,
  tries = patient,
): Promise<boolean> {
  for (let n = 0; n < tries; n += 1) {
    if (await look()) return true
    await sleep(25)
  }
  return false
}

/** The most that a number becomes in the half second after it has come to what is expected. */
export async function most(
  look: () => number | Promise<number>,
  expected: unknown,
): Promise<number> {
  await until(async () => (await look()) >= Number(expected))
  let found = 0
  for (let n = 0; n < 24; n += 1) {
    found = Math.max(found, await look())
    await sleep(25)
  }
  return found
}
