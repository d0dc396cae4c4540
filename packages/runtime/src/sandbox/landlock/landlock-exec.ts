import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { BoxConfig } from './box-config.js'
import { openKernel } from './kernel.js'
import { become, confine, detach, dropPrivileges, filterCalls, limit } from './restrict-process.js'

const LANDLOCK_CREATE_RULESET_VERSION = 1
const cannotStart = 126

/**
 * The program that turns itself into a Landlock box and then becomes the command:
 * `landlock-exec probe`, or `landlock-exec <config file or descriptor> <folder> <arguments...>`.
 */
function main([source = '', folder = '', ...rest]: readonly string[]): void {
  const kernel = openKernel()
  if (source === 'probe') {
    console.log(kernel.call('landlock_create_ruleset', 0, 0, LANDLOCK_CREATE_RULESET_VERSION))
    return
  }
  const config = JSON.parse(
    readFileSync(/^\d+$/.test(source) ? Number(source) : source, 'utf8'),
  ) as BoxConfig
  const filter = Buffer.from(config.filter, 'base64')
  const [program = '', ...words] = [...config.command, ...rest]
  const path = findProgram(program, config.env['PATH'] ?? '')
  process.chdir(isInBox(config, folder) ? folder : config.cwd)
  detach(kernel, config.lastDescriptor)
  limit(kernel, config)
  dropPrivileges(kernel)
  confine(kernel, config)
  filterCalls(kernel, filter)
  become(kernel, [path, ...words], config.env)
}

function isInBox(config: BoxConfig, folder: string): boolean {
  return config.rules.some(({ path }) => folder === path || folder.startsWith(`${path}/`))
}

function findProgram(name: string, path: string): string {
  if (name.includes('/')) return name
  const found = path.split(delimiter).find((place) => isExecutable(join(place, name)))
  if (found === undefined) throw new Error(`"${name}" is not on the box's PATH (${path}).`)
  return join(found, name)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(`plumb: no box: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = cannotStart
}
