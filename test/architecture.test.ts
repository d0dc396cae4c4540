import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IFlattenedRuleSet,
} from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'

const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[]
}

/** For each rule a file that breaks it, as `from -> to`; the rule must be the one that says so. */
const breaches: Record<string, readonly [string, string]> = {
  'protocol-imports-only-left': ['packages/protocol/src/a.ts', 'packages/sdk/src/index.ts'],
  'sdk-imports-only-left': ['packages/sdk/src/a.ts', 'packages/store/src/index.ts'],
  'store-imports-only-left': ['packages/store/src/a.ts', 'packages/runtime/src/index.ts'],
  'providers-imports-only-left': ['packages/providers/src/a.ts', 'packages/runtime/src/index.ts'],
  'runtime-imports-only-left': ['packages/runtime/src/a.ts', 'packages/builder/src/index.ts'],
  'toolchain-imports-only-left': ['packages/toolchain/src/a.ts', 'packages/builder/src/index.ts'],
  'builder-imports-only-left': ['packages/builder/src/a.ts', 'packages/app/src/index.ts'],
  'store-does-not-know-sdk': ['packages/store/src/b.ts', 'packages/sdk/src/index.ts'],
  'runner-reaches-only-sdk-and-protocol': [
    'packages/runtime/src/runner/entry.ts',
    'packages/store/src/index.ts',
  ],
  'stage-brief-stands-alone': stageBreach('brief', 'agent'),
  'stage-workspace-stands-alone': stageBreach('workspace', 'agent'),
  'stage-agent-stands-alone': stageBreach('agent', 'verification'),
  'stage-evidence-stands-alone': stageBreach('evidence', 'assembly'),
  'stage-verification-stands-alone': stageBreach('verification', 'workspace'),
  'stage-assembly-stands-alone': stageBreach('assembly', 'brief'),
  'testbed-is-for-tests-and-the-demo': ['packages/app/src/a.ts', 'packages/testbed/src/index.ts'],
  'testbed-imports-protocol-and-providers': [
    'packages/testbed/src/a.ts',
    'packages/runtime/src/index.ts',
  ],
  'entry-points-only': ['packages/sdk/src/c.ts', 'packages/protocol/src/inner/secret.ts'],
  'no-cycles': ['packages/sdk/src/d.ts', 'packages/sdk/src/e.ts'],
}

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-architecture-'))
  await write('package.json', '{ "type": "module" }')
  for (const [from, to] of Object.values(breaches)) {
    await write(to, 'export const value = 1\n')
  }
  for (const [from, to] of Object.values(breaches)) {
    await write(from, importOf(from, to))
  }
  await write(
    'packages/sdk/src/e.ts',
    `${importOf('packages/sdk/src/e.ts', 'packages/sdk/src/d.ts')}export const value = 1\n`,
  )
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('every rule has a file that breaks it', () => {
  expect(Object.keys(breaches).sort()).toEqual(forbidden.map((rule) => rule.name).sort())
})

test('each broken rule is reported for the file that breaks it', async () => {
  const violations = await violationsIn(folder)
  for (const [rule, [from]] of Object.entries(breaches)) {
    expect(violations, rule).toContainEqual({ rule, from })
  }
})

test('the project itself breaks none', async () => {
  expect(await violationsIn(join(import.meta.dirname, '..'))).toEqual([])
})

function stageBreach(from: string, to: string): readonly [string, string] {
  return [`packages/builder/src/${from}/a.ts`, `packages/builder/src/${to}/index.ts`]
}

function importOf(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1)
  return `import { value } from '${up}${to.replace(/\.ts$/, '.js')}'\nexport const used = value\n`
}

async function write(path: string, text: string) {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function violationsIn(baseDir: string): Promise<{ rule: string; from: string }[]> {
  const { options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    options: ICruiseOptions
  }
  const { tsConfig: _, ...cruiseOptions } = options
  const ruleSet = { forbidden } as unknown as IFlattenedRuleSet
  const { output } = await cruise(['packages'], {
    ...cruiseOptions,
    baseDir,
    ruleSet,
    validate: true,
  })
  return (output as ICruiseResult).summary.violations.map(({ rule, from }) => ({
    rule: rule.name,
    from,
  }))
}
