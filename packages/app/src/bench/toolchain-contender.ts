import { appendFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Command, MeasuredProcess } from './measure-process.js'

export const toolchainSteps = [
  'compile, cold',
  'compile, nothing changed',
  'compile, one changed',
  'test',
] as const
export type ToolchainStep = (typeof toolchainSteps)[number]

/** One toolchain at work on its own copy of a project. */
export type Contender = {
  readonly prepare: (step: ToolchainStep) => Promise<void>
  /** Null when it has no such thing. */
  readonly command: (step: ToolchainStep, variant?: string) => Command
  /** What it said it did, in a few words, and whether all of it went well. */
  readonly outcome: (step: ToolchainStep, measured: MeasuredProcess) => Outcome
}

export type Outcome = { readonly ok: boolean; readonly said: string }

type Place = {
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const plumb = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))

const compiledSchema = z.object({ ok: z.boolean(), functions: z.number(), failed: z.number() })
const testedSchema = z.object({ ok: z.boolean(), tests: z.number(), passed: z.number() })

/** This toolchain, called as a person calls it. */
export function plumbContender({ directory, environment }: Place): Contender {
  return {
    prepare: async (step) => {
      if (step === 'compile, cold') {
        await rm(join(directory, '.plumb'), { recursive: true, force: true })
      }
      if (step === 'compile, one changed') await changeOne(directory)
    },
    command: (step) => ({
      args:
        step === 'test'
          ? [plumb, 'test', directory, '--compat', '--json']
          : [plumb, 'compile', directory, '--json'],
      directory,
      environment,
    }),
    outcome: (step, { output, exitCode }) => {
      const answer = answerIn(output)
      if (step === 'test') {
        const parsed = testedSchema.safeParse(answer)
        if (!parsed.success) return failed(exitCode, output)
        return { ok: parsed.data.ok, said: `${parsed.data.passed} of ${parsed.data.tests} tests` }
      }
      const parsed = compiledSchema.safeParse(answer)
      if (!parsed.success) return failed(exitCode, output)
      const { ok, functions, failed: lost } = parsed.data
      return { ok, said: `${functions - lost} of ${functions} functions` }
    },
  }
}

/** Progress may stand before the JSON. */
function answerIn(output: string): unknown {
  try {
    return JSON.parse(output.slice(output.search(/^\{/m))) as unknown
  } catch {
    return null
  }
}

function failed(exitCode: number | null, output: string): Outcome {
  const lines = output.trim().split('\n')
  return { ok: false, said: `exit ${String(exitCode)}: ${lines.at(-1) ?? ''}`.slice(0, 120) }
}

/** The published CLI for this authoring interface, and vitest with its mocks; `modules` is a node_modules folder. */
export function rivalContender({ directory, environment }: Place, modules: string): Contender {
  const compileArgs = [
    join(modules, 'nango', 'dist', 'index.js'),
    'compile',
    '--no-interactive',
    '--no-dependency-update',
  ]
  const testArgs = [join(modules, 'vitest', 'vitest.mjs'), 'run', '--reporter=dot']
  return {
    prepare: async (step) => {
      if (step === 'compile, cold')
        await rm(join(directory, 'build'), { recursive: true, force: true })
      if (step === 'compile, one changed') await changeOne(directory)
    },
    command: (step, variant) => ({
      args: step === 'test' ? [...testArgs, ...vitestFlags(variant)] : compileArgs,
      directory,
      environment: {
        ...environment,
        NANGO_CLI_UPGRADE_MODE: 'ignore',
        NANGO_CLI_DEPENDENCY_UPDATE: 'false',
      },
    }),
    outcome: (step, { exitCode, output }) =>
      exitCode === 0 ? { ok: true, said: saidBy(step, output) } : failed(exitCode, output),
  }
}

function vitestFlags(variant: string | undefined): string[] {
  return variant === 'no isolation' ? ['--no-isolate', '--pool=threads'] : []
}

function saidBy(step: ToolchainStep, output: string): string {
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '')
  const passed = /Tests\s+(\d+) passed/.exec(plain)?.[1]
  return step === 'test' && passed !== undefined ? `${passed} tests` : 'done'
}

/** Copies a project to where the rival's packages are found, without what either toolchain left in it. */
export async function copyForRival(project: string, copy: string, modules: string): Promise<void> {
  const left = /(^|\/)(node_modules|\.plumb|\.nango|build)(\/|$)/
  const filter = (source: string): boolean => !left.test(source.slice(project.length))
  await cp(project, copy, { recursive: true, filter, verbatimSymlinks: true })
  await mkdir(join(copy, '.nango'), { recursive: true })
  await symlink(modules, join(copy, 'node_modules'))
  const file = join(copy, 'package.json')
  const own = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const version = async (name: string): Promise<string> => {
    const text = await readFile(join(modules, name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  }
  const devDependencies = { nango: await version('nango'), zod: await version('zod') }
  await writeFile(file, JSON.stringify({ ...own, devDependencies }))
}

/** A change of one function's text that changes nothing else. */
async function changeOne(directory: string): Promise<void> {
  const index = await readFile(join(directory, 'index.ts'), 'utf8')
  const first = /'(\.\/[^']+)\.js'/.exec(index)?.[1]
  if (first === undefined) throw new Error(`${join(directory, 'index.ts')} imports no function.`)
  await appendFile(join(directory, `${first}.ts`), `// changed\n`)
}
