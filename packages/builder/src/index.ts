export { loadApiDescription, parseApiDescription } from './description/load-api-description.js'
export { reduceDescription } from './description/reduce-description.js'
export { rankOperations, searchOperations } from './description/search-operations.js'
export { showOperation } from './description/show-operation.js'
export { loadBriefs, parseBriefs } from './brief/load-briefs.js'
export type { LoadedBrief } from './brief/load-briefs.js'
export { starterBrief } from './brief/starter-brief.js'
export { normaliseFields } from './draft/normalise-fields.js'
export { draftFunction } from './draft/draft-function.js'
export type { Draft, DraftRequest } from './draft/draft-request.js'
export type { BuildItem, BuildProgress, BuildTools, PreparedBrief } from './build-tools.js'
export { buildBriefs } from './build-briefs.js'
export { explainVerdict } from './explain-verdict.js'
export { createOperationMatcher } from './reading/operation-matcher.js'
export { collectEvidence } from './evidence/collect-evidence.js'
export { firstLevelChecks, verify } from './verification/verify.js'
export { oracleNames } from './verification/oracles/oracle.js'
export { singleOracleChecks } from './verification/oracle-checks.js'
export { verificationAgain } from './verification-again.js'
export { openProjectAccount } from './project-account.js'
export type { OpenProjectAccount } from './project-account.js'
export { verifyProject } from './verification/verify-project.js'
export type { FunctionVerification, ProjectVerification } from './verification/verify-project.js'
export type {
  BlockedClaim,
  Check,
  CheckInput,
  ExportRefusal,
  VerificationInput,
} from './verification/verification-input.js'
export { buildReport } from './report/build-report.js'
export { readAttemptRecord } from './report/attempt-record.js'
export type { AttemptRecord } from './report/attempt-record.js'
export { modelLabel } from './report/model-label.js'
export { renderReportHtml } from './report/render-report-html.js'
export { renderReportText } from './report/render-report-text.js'
export { renderTrace } from './report/render-trace.js'
export type { TextOptions } from './report/render-trace.js'
export { renderRunTrace } from './report/render-run-trace.js'
export { findOpenCode } from './agent/opencode/find-open-code.js'
export { openOpenCode } from './agent/opencode/open-code.js'
export { resolveModel } from './agent/opencode/resolve-model.js'
export type { ModelAccess } from './agent/opencode/resolve-model.js'
export { renderSkillsReport } from './report/render-skills-report.js'
export { reportedFindings } from './report/reported-findings.js'
export { wilsonInterval } from './report/wilson-interval.js'
export { skillsReport } from './report/skills-report.js'
export { timeline } from './report/timeline.js'
export { assembleRun } from './assemble-run.js'
export type { AssembledIntegration } from './assemble-run.js'
export { assembleIntegration } from './assembly/assemble-integration.js'
export type {
  AcceptedFunction,
  AssemblyInput,
  AssemblyResult,
  MemberFinding,
} from './assembly/assembly-input.js'
export { waiveFinding } from './waiver/waive-finding.js'
export type { Waived, WaiverOrder } from './waiver/waive-finding.js'
