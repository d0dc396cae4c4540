import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { findFunctions } from '../project/find-functions.js'
import { functionId } from '../project/project-function.js'
import type { ProjectFunction } from '../project/project-function.js'
import { fixtureOf } from './fixture-of.js'
import { isUnchanged, withHeader } from './generated-test.js'

export type GenerateTestsInput = {
  readonly directory: string
  /** Only functions whose name or id is this. */
  readonly function?: string | undefined
  /** Also writes over tests that a person has changed. */
  readonly force?: boolean | undefined
}

/** Paths are relative to the directory. */
export type GeneratedTests = {
  readonly written: readonly string[]
  readonly unchanged: readonly string[]
  /** Tests that were not generated, or were changed since. */
  readonly kept: readonly string[]
  /** Functions without a fixture. */
  readonly skipped: readonly string[]
}

type Fate = 'written' | 'unchanged' | 'kept'

/** Writes a vitest file for each function that has a fixture. Throws `function-not-found` when there is no function. */
export async function generateTests(input: GenerateTestsInput): Promise<GeneratedTests> {
  const directory = resolve(input.directory)
  const functions = (await findFunctions(directory)).filter((one) => isNamed(one, input.function))
  const told = { written: [], unchanged: [], kept: [], skipped: [] } as Record<
    Fate | 'skipped',
    string[]
  >
  for (const one of functions) {
    const fixture = fixtureOf(one)
    if (fixture === undefined) told.skipped.push(functionId(one))
    else {
      const path = join(
        dirname(dirname(one.file)),
        'tests',
        `${one.integration}-${one.name}.test.ts`,
      )
      told[write(path, testOf(one, path, fixture), input.force)].push(
        relative(realpathSync(directory), path),
      )
    }
  }
  return told
}

function isNamed(one: ProjectFunction, wanted: string | undefined): boolean {
  return wanted === undefined || one.name === wanted || functionId(one) === wanted
}

function write(path: string, text: string, force = false): Fate {
  if (existsSync(path)) {
    const present = readFileSync(path, 'utf8')
    if (present === text) return 'unchanged'
    if (!force && !isUnchanged(present)) return 'kept'
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return 'written'
}

function testOf(one: ProjectFunction, path: string, fixture: string): string {
  const from = (target: string) => {
    const found = relative(dirname(path), target).replaceAll('\\', '/')
    return found.startsWith('.') ? found : `./${found}`
  }
  return withHeader(`import { replayFunction } from '@plumb/sdk/testing'
import { describe, it } from 'vitest'
import ${variableOf(one)} from '${from(one.file).replace(/\.ts$/, '.js')}'

describe('${one.integration} ${one.name}', () => {
  it('makes the recorded calls and gives the recorded ${one.kind === 'sync' ? 'records' : 'output'}', async () => {
    await replayFunction({
      function: ${variableOf(one)},
      fixture: new URL('${from(fixture)}', import.meta.url),
    })
  })
})
`)
}

/** `get-contact` becomes `getContact`; what cannot be a name gets one in front. */
function variableOf({ name, kind }: ProjectFunction): string {
  const [first = '', ...rest] = name.split(/[^A-Za-z0-9]+/).filter(Boolean)
  const joined = first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  const plain = kind === 'on-event' ? 'handler' : kind
  return /^[a-zA-Z]/.test(joined) && !reserved.has(joined)
    ? joined
    : `${plain}${joined.charAt(0).toUpperCase()}${joined.slice(1)}`
}

const reserved = new Set([
  'delete',
  'import',
  'export',
  'new',
  'default',
  'function',
  'class',
  'describe',
  'it',
  'replayFunction',
  'return',
  'void',
  'in',
  'case',
  'switch',
  'for',
  'if',
  'do',
  'with',
  'this',
  'try',
  'await',
  'enum',
  'static',
  'package',
  'public',
  'private',
  'null',
  'true',
  'false',
  'let',
  'const',
  'var',
  'yield',
  'typeof',
])
