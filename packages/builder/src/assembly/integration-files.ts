import { createHash } from 'node:crypto'
import type { Waiver } from '@plumb/protocol'
import { strictFlags } from '@plumb/toolchain'
import { assemblyChecks } from '../reading/assembly-checks.js'
import type { AssemblyInput, Member } from './assembly-input.js'
import { readme } from './readme.js'
import type { DescribedFunction } from './readme.js'

/** What the evidence index says about one function. */
export type FunctionEvidence = DescribedFunction & {
  readonly file: string
  readonly sourceSha256: string
  readonly fixture: { readonly file: string; readonly sha256: string }
  readonly run: string
  readonly attempt: string
  readonly submission: string
  readonly execution: string
  readonly receipts: readonly { readonly id: string; readonly hash: string }[]
  readonly checks: readonly string[]
  readonly findings: readonly unknown[]
  /** Findings that a person decided not to reject for. */
  readonly waivers?: readonly Waiver[]
  readonly model: string
  readonly tokens: number
  readonly costUsd: number
}

export type EvidenceIndex = {
  readonly integration: string
  readonly provider: string
  readonly functions: readonly FunctionEvidence[]
  /** SHA-256 of every file that was written, so that a later run sees what a person has changed. */
  readonly files: Readonly<Record<string, string>>
}

export type Earlier = {
  /** Functions of earlier runs, which stay. */
  readonly kept: readonly FunctionEvidence[]
  readonly index: EvidenceIndex | null
}

/** Of the integration alone: a configuration further up would look for other tests. */
const vitestConfig = `import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['tests/**/*.test.ts'] } })
`

/** Texts of an integration by path. */
export function integrationFiles(
  input: AssemblyInput,
  members: readonly Member[],
  earlier: Earlier,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const functions = [...earlier.kept]
  for (const member of members) {
    const written = memberFiles(member)
    for (const [path, text] of written) files.set(path, text)
    functions.push(evidenceOf(input, member, written))
  }
  functions.sort((a, b) => (a.file < b.file ? -1 : 1))
  const { integration, provider } = input
  files.set('provider.json', json(provider))
  files.set('index.ts', indexSource(functions.map(({ file }) => file)))
  files.set('package.json', json(packageManifest(integration)))
  files.set('tsconfig.json', json(typescriptProject))
  files.set('vitest.config.ts', vitestConfig)
  files.set('.gitignore', 'node_modules/\n')
  files.set('README.md', readme({ integration, provider, functions }))
  const own = Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)]))
  const hashes = { ...earlier.index?.files, ...own }
  const index: EvidenceIndex = { integration, provider: provider.name, functions, files: hashes }
  files.set('evidence.json', json(index))
  return files
}

/** A file that loads every function: what an installed integration is entered by. */
export function indexSource(paths: readonly string[]): string {
  return [...paths]
    .sort()
    .map((path) => `import './${path.replace(/\.ts$/, '.js')}'\n`)
    .join('')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function memberFiles({ interaction, source, path, fixture }: Member): Map<string, string> {
  const { id } = interaction
  return new Map([
    [path, source],
    [`tests/${id}.test.json`, json(fixture)],
    [`tests/${id}.test.ts`, testSource(id, path)],
  ])
}

function testSource(id: string, path: string): string {
  return `import { expect, test } from 'vitest'
import { replayFixture } from '@plumb/toolchain/replay'

const at = (path: string): URL => new URL(path, import.meta.url)

test('${id} repeats its recording', async () => {
  const replay = await replayFixture({
    function: at('../${path}'),
    fixture: at('./${id}.test.json'),
    provider: at('../provider.json'),
  })
  expect(replay.unknown).toEqual([])
  expect(replay.failure).toBeNull()
  expect(replay.output).toEqual(replay.recorded.output)
  expect(replay.records).toEqual(replay.recorded.records)
  expect(replay.unused).toEqual([])
})
`
}

function evidenceOf(
  { runId, description }: AssemblyInput,
  member: Member,
  written: ReadonlyMap<string, string>,
): FunctionEvidence {
  const { interaction, compiled, submission, execution, fixture, model, tokens, costUsd } = member
  const { definition, sourceHash } = compiled
  const operations = submission.operations.map((id) => {
    const operation = description.operations.find((one) => one.id === id)
    return {
      id,
      method: operation?.method ?? '',
      path: operation?.path ?? '',
      docs: operation?.docs ?? null,
    }
  })
  const fixtureFile = `tests/${interaction.id}.test.json`
  return {
    id: interaction.id,
    kind: definition.kind,
    description: definition.description || interaction.description,
    inputSchema: definition.inputSchema,
    outputSchema: definition.outputSchema,
    models: definition.models,
    scopes: definition.scopes,
    frequency: definition.frequency,
    operations,
    writes: execution.calls.filter(({ write }) => write).length,
    file: member.path,
    sourceSha256: sourceHash,
    fixture: { file: fixtureFile, sha256: sha256(written.get(fixtureFile) ?? json(fixture)) },
    run: runId,
    attempt: submission.attemptId,
    submission: submission.hash,
    execution: execution.id,
    receipts: member.receipts.map(({ id, hash }) => ({ id, hash })),
    checks: [...member.checks, ...assemblyChecks],
    findings: member.findings.map(({ waiver: _, ...finding }) => finding),
    waivers: member.findings.flatMap(({ waiver }) => waiver ?? []),
    model,
    tokens,
    costUsd,
  }
}

function packageManifest(integration: string) {
  return {
    name: `integration-${integration}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: { test: 'vitest run', 'check:types': 'tsc --noEmit' },
    dependencies: { '@plumb/sdk': '^0.1.0', zod: '^4.1.0' },
    devDependencies: {
      '@plumb/toolchain': '^0.1.0',
      '@types/node': '^20.19.0',
      typescript: '^5.9.0',
      vitest: '^4.1.12',
    },
  }
}

const typescriptProject = {
  compilerOptions: {
    ...strictFlags,
    types: ['node'],
    paths: { nango: ['./node_modules/@plumb/sdk'] },
  },
  include: ['index.ts', 'actions', 'syncs', 'on-events', 'tests'],
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
