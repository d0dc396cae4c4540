import type { SettingsWorld } from './open-settings-world.js'

/** What `look` finds while the provider holds everything back that `begin` asks for; then all of it ends. */
export async function whileHeld<T>(
  { api }: SettingsWorld,
  begin: () => readonly Promise<unknown>[],
  look: () => Promise<T>,
): Promise<T> {
  api.hold()
  const begun = begin()
  const found = await look()
  api.release()
  await Promise.all(begun)
  return found
}

/** Requests that the provider holds back now. */
export const waiting = ({ api }: SettingsWorld) =>
  [...api.waiting.values()].reduce((a, b) => a + b, 0)
