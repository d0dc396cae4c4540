import type { Finding } from '@plumb/protocol'
import {
  checkTypes,
  compileFunction,
  findingsFromDiagnostics,
  fixtureFromReceipts,
  replayRecorded,
} from '@plumb/toolchain'
import type { SourceText } from '@plumb/toolchain'
import { compareExecutions } from '../reading/compare-executions.js'
import { pseudonymisedFixture } from './pseudonymised-fixture.js'
import type { AcceptedFunction, AssemblyInput, Member, MemberFinding } from './assembly-input.js'
import { indexSource } from './integration-files.js'

type Verified = {
  readonly members: readonly Member[]
  readonly findings: readonly MemberFinding[]
  /** What a person is told of members that hold. */
  readonly told: readonly MemberFinding[]
}

/** Puts the members to the proof together: one type check over all of them and the `kept` ones, and each replayed from its fixture alone. */
export async function verifyMembers(
  input: AssemblyInput,
  kept: readonly SourceText[],
): Promise<Verified> {
  const members: Member[] = []
  const findings: MemberFinding[] = []
  for (const accepted of input.accepted) {
    const result = await compileMember(input, accepted)
    if ('member' in result) members.push(result.member)
    else findings.push(...result.findings)
  }
  findings.push(...(await typeFindings(input, members, kept)))
  for (const member of members) findings.push(...(await replayFindings(input, member)))
  if (findings.length > 0) return { members, findings, told: [] }
  const told: MemberFinding[] = []
  const written: Member[] = []
  for (const member of members) {
    const made = await pseudonymisedFixture(input, member)
    written.push({ ...member, fixture: made.fixture })
    told.push(...of(member.interaction.id, made.findings))
  }
  return { members: written, findings, told }
}

async function compileMember(
  { pool, connection }: AssemblyInput,
  accepted: AcceptedFunction,
): Promise<{ member: Member } | { findings: MemberFinding[] }> {
  const { id } = accepted.interaction
  const source = accepted.submission.files.find(({ path }) => path === 'function.ts')?.content ?? ''
  const result = await compileFunction({ source, fileName: `${id}.ts`, name: id, pool })
  if (result.kind === 'failed') {
    return { findings: of(id, findingsFromDiagnostics('assembly-compile', result.diagnostics)) }
  }
  const { compiled } = result
  const folder = { action: 'actions', sync: 'syncs', 'on-event': 'on-events' }[
    compiled.definition.kind
  ]
  const fixture = fixtureFromReceipts({ ...accepted, connection })
  return { member: { ...accepted, compiled, source, fixture, path: `${folder}/${id}.ts` } }
}

async function typeFindings(
  { sandbox, signal }: AssemblyInput,
  members: readonly Member[],
  kept: readonly SourceText[],
): Promise<MemberFinding[]> {
  const own = members.map(({ path, source }) => ({ path, content: source }))
  const sources = [...own, ...kept]
  const index = { path: 'index.ts', content: indexSource(sources.map(({ path }) => path)) }
  const diagnostics = await checkTypes({ files: [...sources, index], sandbox, signal })
  const owner = (path: string): string | null =>
    members.find((member) => member.path === path)?.interaction.id ?? null
  return diagnostics.flatMap((one) =>
    of(owner(one.path), findingsFromDiagnostics('assembly-types', [one])),
  )
}

async function replayFindings(input: AssemblyInput, member: Member): Promise<MemberFinding[]> {
  const { execution, fixture, compiled } = member
  const replay = await replayRecorded({ ...input, fixture, compiled })
  const messages = [
    ...replay.unknown.map(({ message }) => message),
    ...replay.unused.map(({ request }) => `${request.method} ${request.url} was not asked for.`),
    ...(replay.unknown.length > 0 ? [] : compareExecutions(execution, replay.execution)),
  ]
  const pointer = { kind: 'execution', executionId: execution.id } as const
  const findings = messages.map((message): Finding => ({
    check: 'assembly-replay',
    behaviour: 'T2',
    severity: 'reject',
    message: `From its fixture alone: ${message}`,
    remedy: 'Build the interaction again.',
    pointer,
  }))
  return of(member.interaction.id, findings)
}

function of(interactionId: string | null, findings: readonly Finding[]): MemberFinding[] {
  return findings.map((finding) => ({ ...finding, interactionId }))
}
