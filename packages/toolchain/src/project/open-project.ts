import { existsSync, readFileSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../compile/diagnostic.js'
import { findFunctions } from './find-functions.js'
import type { ProjectFunction } from './project-function.js'
import { findProjectRoot } from './find-project-root.js'
import { namedInIndex } from './index-file.js'
import { allowedPackagesOf, readProjectConfig } from './read-project-config.js'

/** A folder of integrations with everything that decides how it is compiled. */
export type Project = {
  /** Absolute and real. */
  readonly root: string
  readonly functions: readonly ProjectFunction[]
  /** What is wrong with the project as a whole. */
  readonly problems: readonly Diagnostic[]
  readonly packages: {
    readonly installed: ReadonlySet<string>
    readonly absent: ReadonlySet<string>
    /** Names and versions as one text. */
    readonly key: string
  }
  /** True when `functions` are all that the project has. */
  readonly whole: boolean
}

/** Finds the functions of a folder and reads its configuration. Throws `function-not-found`, `config-invalid`. */
export async function openProject(directory: string): Promise<Project> {
  const place = resolve(directory)
  const functions = await findFunctions(place)
  const root = await realpath(await findProjectRoot(place))
  const whole = (await realpath(place)) === root
  const problems = whole ? (await namedInIndex(root)).missing : []
  const packages = packagesOf(root, allowedPackagesOf(await readProjectConfig(root)))
  return { root, functions, problems, packages, whole }
}

function packagesOf(root: string, names: readonly string[]): Project['packages'] {
  const versions = new Map(names.map((name) => [name, installedVersion(root, name)]))
  const having = (there: boolean) =>
    new Set(names.filter((name) => (versions.get(name) !== null) === there))
  return { installed: having(true), absent: having(false), key: JSON.stringify([...versions]) }
}

/** Null for a package that the project cannot import. */
function installedVersion(root: string, name: string): string | null {
  for (let at = root; ; at = dirname(at)) {
    const manifest = join(at, 'node_modules', name, 'package.json')
    if (existsSync(manifest)) return readFileSync(manifest, 'utf8')
    if (at === dirname(at)) return null
  }
}
