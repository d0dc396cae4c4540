import type { CompiledFunction, Finding, Verdict } from '@plumb/protocol'
import { compileFunction, findingsFromDiagnostics, hashSource } from '@plumb/toolchain'
import { judgeBlocked } from './blocked-claim.js'
import { briefFulfilled } from './brief-fulfilled.js'
import { copiedValues } from './copied-values.js'
import { declaredOperations } from './declared-operations.js'
import { declaredWrites } from './declared-writes.js'
import { errorLaundering } from './error-laundering.js'
import { expectedFailures } from './expected-failures.js'
import { foreignDeletes } from './foreign-deletes.js'
import { knownParameters } from './known-parameters.js'
import { lintBans } from './lint-bans.js'
import { listedForOne } from './listed-for-one.js'
import { liveChecks } from './live-checks.js'
import { operationFit } from './operation-fit.js'
import { oracleChecks } from './oracle-checks.js'
import { overruledAnswers } from './overruled-answers.js'
import { pagesFollowed } from './pages-followed.js'
import { personalSource } from './personal-source.js'
import { receiptIntegrity } from './receipt-integrity.js'
import { residueLeft } from './residue-left.js'
import { strictReplay } from './strict-replay.js'
import { strictTypes } from './strict-types.js'
import { submissionIntegrity, submittedPath } from './submission-integrity.js'
import { guessedPremises } from './trace/guessed-premises.js'
import { ignoredDenial } from './trace/ignored-denial.js'
import { inventedCommands } from './trace/invented-commands.js'
import { obeyedAnswers } from './trace/obeyed-answers.js'
import { protectedFiles } from './trace/protected-files.js'
import { repeatedLoops } from './trace/repeated-loops.js'
import { workspaceLeft } from './trace/workspace-left.js'
import { unsubmitted } from './unsubmitted.js'
import type { Check, CheckInput, VerificationInput } from './verification-input.js'
import { builtinsKept } from './builtins-kept.js'
import { canaryLeak } from './canary-leak.js'
import { dryRunRecord } from './dry-run-record.js'
import { foreignResources } from './foreign-resources.js'
import { excuses } from './excuses.js'
import { inputPaths } from './input-paths.js'
import { massWrites } from './mass-writes.js'
import { neededScopes } from './needed-scopes.js'
import { replayCoverage } from './replay-coverage.js'
import { schemaStrictness } from './schema-strictness.js'
import { backgroundProcesses } from './trace/background-processes.js'
import { traceGaps } from './trace/trace-gaps.js'
import { unmatchedClaims } from './trace/unmatched-claims.js'
import { workspaceConfiguration } from './trace/workspace-configuration.js'

/** The checks of the first level, cheapest first. All are asked, so that a person sees everything at once. */
export const firstLevelChecks: readonly Check[] = [
  submissionIntegrity,
  receiptIntegrity,
  declaredOperations,
  expectedFailures,
  operationFit,
  listedForOne,
  declaredWrites,
  errorLaundering,
  briefFulfilled,
  copiedValues,
  overruledAnswers,
  personalSource,
  lintBans,
  protectedFiles,
  workspaceLeft,
  inventedCommands,
  repeatedLoops,
  ignoredDenial,
  guessedPremises,
  obeyedAnswers,
  foreignDeletes,
  massWrites,
  residueLeft,
  workspaceConfiguration,
  backgroundProcesses,
  traceGaps,
  unmatchedClaims,
  foreignResources,
  dryRunRecord,
  canaryLeak,
  schemaStrictness,
  neededScopes,
  excuses,
  strictTypes,
  strictReplay,
  oracleChecks,
  knownParameters,
  pagesFollowed,
  inputPaths,
  builtinsKept,
  replayCoverage,
  liveChecks,
]

/** Decides about an attempt from evidence that its agent did not write. Throws only when a check cannot run. */
export async function verify(
  input: VerificationInput,
  checks: readonly Check[] = firstLevelChecks,
): Promise<Verdict> {
  const blocked = await judgeBlocked(input)
  if (blocked) return { ...blocked, findings: [...blocked.findings, ...(await conduct(input))] }
  const file = input.evidence.submission?.files.find(({ path }) => path === submittedPath)
  if (!file) {
    const findings = [...unsubmitted(input), ...(await leftBehind(input, checks))]
    return { kind: 'rejected', findings }
  }
  const findings = await judge(input, file.content, checks)
  const rejected = findings.some(({ severity }) => severity === 'reject')
  return { kind: rejected ? 'rejected' : 'accepted', findings }
}

async function judge(
  input: VerificationInput,
  source: string,
  checks: readonly Check[],
): Promise<Finding[]> {
  const prepared = await prepare(input, source)
  return [...prepared.findings, ...(await ask(checks, prepared.checkInput))]
}

async function ask(checks: readonly Check[], input: CheckInput): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await check.run(input)))
  return findings
}

/** What the agent did, whatever became of its function. */
function conduct(input: VerificationInput): Promise<Finding[]> {
  const checks = firstLevelChecks.filter(({ name }) => name.startsWith('trace-'))
  return ask(checks, { ...input, source: '', compiled: null, dryRuns: [] })
}

/** Why nothing was handed in is mostly to be read in what was left: a function that did not pass `plumb check`. */
function leftBehind(input: VerificationInput, checks: readonly Check[]): Promise<Finding[]> {
  if (input.leftBehind === undefined) return conduct(input)
  const others = checks.filter((check) => check !== declaredOperations)
  return judge(input, input.leftBehind, others)
}

type Prepared = { readonly checkInput: CheckInput; readonly findings: readonly Finding[] }

async function prepare(input: VerificationInput, source: string): Promise<Prepared> {
  const sourceHash = hashSource(source)
  const dryRuns = input.evidence.executions.filter(
    (execution) =>
      execution.purpose === 'dryrun' &&
      execution.sourceHash === sourceHash &&
      execution.outcome.kind === 'returned',
  )
  const { pool, interaction } = input
  const name = interaction.id
  const result = await compileFunction({ source, fileName: submittedPath, name, pool })
  const compiled: CompiledFunction | null = result.kind === 'compiled' ? result.compiled : null
  const findings =
    result.kind === 'failed' ? findingsFromDiagnostics('compile', result.diagnostics) : []
  return { checkInput: { ...input, source, compiled, dryRuns }, findings }
}
