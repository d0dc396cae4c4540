import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const sources = '/src/sandbox/landlock/'
const compiled = '/dist/sandbox/landlock/'

/** The compiled `landlock-exec`, also when this module itself runs from source; null when it has not been built. */
export function findLandlockEntry(): string | null {
  const beside = fileURLToPath(new URL('./landlock-exec.js', import.meta.url))
  return [beside, beside.replace(sources, compiled)].find((path) => existsSync(path)) ?? null
}
