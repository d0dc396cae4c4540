import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PlumbError } from '@plumb/protocol'

const kindNames: readonly string[] = ['actions', 'syncs', 'on-events']
const projectFiles: readonly string[] = [
  'plumb.config.ts',
  'package.json',
  'index.ts',
  '.plumb',
  '.nango',
]

/**
 * The folder that holds the integrations: `place` itself, or what is above an integration folder or a single file.
 * Throws PlumbError `function-not-found` when `place` does not exist.
 */
export async function findProjectRoot(place: string): Promise<string> {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) throw missing(place)
  if (found.isFile()) return rootAbove(dirname(dirname(place)))
  if (kindNames.includes(basename(place))) return rootAbove(dirname(place))
  return kindNames.some((name) => existsSync(join(place, name))) ? rootAbove(place) : place
}

/** An integration folder may also stand alone: its parent is a project only when it says so. */
function rootAbove(integration: string): string {
  const parent = dirname(integration)
  return projectFiles.some((name) => existsSync(join(parent, name))) ? parent : integration
}

function missing(place: string): PlumbError {
  return new PlumbError({
    code: 'function-not-found',
    message: `The folder ${JSON.stringify(place)} does not exist.`,
    remedy: 'Name the folder that holds the integrations, one integration folder, or one file.',
  })
}
