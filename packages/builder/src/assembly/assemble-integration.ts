import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssemblyInput, AssemblyResult, Member } from './assembly-input.js'
import { commitIntegration } from './commit-integration.js'
import { integrationFiles } from './integration-files.js'
import { linkDependencies } from './link-dependencies.js'
import { verifyMembers } from './verify-members.js'
import { compareMembers, loadedPaths, withFindings } from './compare-members.js'
import { conflicts, readEvidence, readKept, writeIntegration } from './write-integration.js'

/**
 * Makes one integration of the accepted functions of one API: verifies them again together, writes
 * `integrations/<integration>/`, and commits it on a branch where the output is in a git repository.
 */
export async function assembleIntegration(input: AssemblyInput): Promise<AssemblyResult> {
  const directory = join(input.outputDirectory, 'integrations', input.integration)
  const index = await readEvidence(directory)
  const renewed = new Set(input.accepted.map(({ interaction }) => interaction.id))
  const kept = await readKept(directory, index, renewed)
  const { members, findings, told } = await verifyMembers(
    input,
    kept.map(({ source }) => source),
  )
  if (findings.length > 0) return { kind: 'rejected', findings }
  const earlier = { kept: kept.map(({ evidence }) => evidence), index }
  const first = integrationFiles(input, members, earlier)
  const compared = [...told, ...compareMembers(members, loadedPaths(first.get('index.ts') ?? ''))]
  if (compared.some(({ severity }) => severity === 'reject'))
    return { kind: 'rejected', findings: compared }
  const files =
    compared.length === 0
      ? first
      : integrationFiles(input, withFindings(members, compared), earlier)
  const foreign = input.overwrite === true ? [] : await conflicts(directory, files, index)
  if (foreign.length > 0)
    return { kind: 'conflict', paths: foreign.map((path) => join(directory, path)), remedy }
  await mkdir(join(input.outputDirectory, 'integrations'), { recursive: true })
  await writeIntegration(directory, files, input.runId)
  await linkDependencies(directory)
  const commit = await commitIntegration({
    directory,
    files: [...files.keys()],
    branch: `plumb/${input.integration}-${input.runId}`,
    message: commitMessage(input, members),
  })
  return { kind: 'assembled', directory, files: [...files.keys()], commit }
}

const remedy =
  'These files were written or changed by a person. Move them away: Plumb then writes its own, and you can compare.'

function commitMessage(
  { integration, provider, runId }: AssemblyInput,
  members: readonly Member[],
): string {
  const proofs = members.map(
    ({ interaction, submission, receipts, checks }) =>
      `- ${interaction.id}: ${submission.operations.join(', ')}; ${receipts.length} signed receipts, ${checks.length} checks (attempt ${submission.attemptId})`,
  )
  return [
    `Add ${members.length} verified functions for ${provider.displayName}`,
    '',
    `Built by Plumb as integration "${integration}" in run ${runId}.`,
    'Each was run against the test account, type-checked together with the others, and gave the same result again from its recording:',
    ...proofs,
  ].join('\n')
}
