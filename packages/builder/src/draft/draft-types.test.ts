import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Interaction } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTypeRoots, lintFunction, nativeCompilerDirectory } from '@plumb/toolchain'
import { draftFunction } from './draft-function.js'
import { interaction, shop, shopProvider } from './testing/shop-api.js'

const run = promisify(execFile)

const variants: readonly Partial<Interaction>[] = [
  {},
  {
    output: {
      id: 'string',
      note: 'string?',
      customer: 'string',
      email: 'string?',
      total: 'number',
    },
  },
  { output: { items: 'array', nextCursor: 'string?' } },
  {
    output: {
      found: {
        type: 'array',
        items: {
          type: 'object',
          properties: { id: { type: 'string' }, customer: { type: 'string' } },
        },
      },
    },
  },
  {
    input: {
      id: 'integer?',
      text: 'string',
      start: 'string?',
      tags: 'array?',
      limit: 'integer?',
      cursor: 'string?',
    },
  },
  { expectedStatuses: [404, 409], output: { ok: 'boolean', id: 'string' } },
]

/** Every operation in every variant, as action and as sync, with and without a success flag. */
function drafts(): Map<string, string> {
  const sources = new Map<string, string>()
  for (const [index, variant] of variants.entries()) {
    for (const operation of shop.operations) {
      for (const kind of ['action', 'sync'] as const) {
        const provider = shopProvider(index % 2 === 1 ? { successPath: 'ok' } : {})
        const request = {
          description: shop,
          provider,
          interaction: interaction("It's a `test` of ${all}", variant),
          operationId: operation.id,
          kind,
        }
        const name = `${operation.id.replace(/\W/g, '-')}-${kind}-${index}.ts`
        sources.set(name, draftFunction(request).source)
      }
    }
  }
  return sources
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-drafts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('every draft type-checks under the strictest flags, in one run of the native compiler', async () => {
  const sources = drafts()
  const roots = findTypeRoots()
  for (const [name, source] of sources) await writeFile(join(folder, name), source)
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023'],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [roots.typesFolder],
    paths: roots.paths,
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [...sources.keys()] }),
  )
  const compiler = join(nativeCompilerDirectory(), 'tsc')
  const output = await run(compiler, ['-p', folder, '--pretty', 'false']).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  const mine = output
    .split('\n')
    .filter((line) => [...sources.keys()].some((name) => line.startsWith(name)))
  expect(mine).toEqual([])
  expect(sources.size).toBeGreaterThan(150)
})

test('no draft uses what the bans object to', () => {
  for (const [fileName, source] of drafts()) {
    if (source.includes("type: 'not_implemented'")) continue
    const rejected = lintFunction({ source, fileName }).filter(
      ({ severity }) => severity === 'reject',
    )
    expect(rejected, source).toEqual([])
  }
})

test('a draft is the same every time and is indented by its brackets', () => {
  expect([...drafts().values()]).toEqual([...drafts().values()])
  for (const source of drafts().values()) {
    expect(
      source.split('\n').filter((line) => /^\S/.test(line) && /^(exec|return|await)/.test(line)),
    ).toEqual([])
    expect(source.endsWith('})\n')).toBe(true)
  }
})
