import { hashSource } from '@plumb/toolchain'
import { reportedFindings } from '../report/reported-findings.js'
import type { Member, MemberFinding } from './assembly-input.js'

/** Share of common word sequences from which two functions are one in two names. */
const alike = 0.96
const sequence = 5

/** What putting members together shows that none shows alone: other text than was run, copies, and missing entries. */
export function compareMembers(
  members: readonly Member[],
  index: ReadonlySet<string>,
): MemberFinding[] {
  return [...members.flatMap(otherSource), ...copies(members), ...unlisted(members, index)]
}

/** The paths that the text of an index file loads. */
export function loadedPaths(index: string): ReadonlySet<string> {
  const paths = [...index.matchAll(/'\.\/([^']+)\.js'/g)].map(([, path]) => `${path}.ts`)
  return new Set(paths)
}

/** The members with what is told of them beside what their verdicts say. */
export function withFindings(
  members: readonly Member[],
  told: readonly MemberFinding[],
): readonly Member[] {
  return members.map((member) => {
    const own = told.filter(({ interactionId }) => interactionId === member.interaction.id)
    const findings = own.map(({ interactionId: _, ...one }) => one)
    const reported = reportedFindings(member.submission.attemptId, findings, [])
    return { ...member, findings: [...member.findings, ...reported] }
  })
}

/** What is written is to be what was handed in and has run. */
function otherSource({ interaction, source, execution, submission }: Member): MemberFinding[] {
  const hash = hashSource(source)
  const handedIn = submission.files.some(({ sha256 }) => sha256 === hash)
  if (handedIn && execution.sourceHash === hash) return []
  const message = 'The function that is put in is not the one that was handed in and has run.'
  return [finding(interaction.id, 'I1', ['assembly-source', 'reject', message])]
}

/** Functions with the same text but for names and white space; right for some pairs, so a person is told. */
function copies(members: readonly Member[]): MemberFinding[] {
  return members.flatMap((one, at) => {
    const twin = members
      .slice(at + 1)
      .find((other) => similarity(one.source, other.source) >= alike)
    if (twin === undefined) return []
    const message = `${one.interaction.id} and ${twin.interaction.id} are nearly the same function.`
    return [finding(one.interaction.id, 'I2', ['assembly-similarity', 'warn', message])]
  })
}

/** How much two texts have in common, from 0 to 1; comments, descriptions and layout do not count. */
export function similarity(one: string, other: string): number {
  const [first, second] = [sequencesIn(one), sequencesIn(other)]
  const common = [...first].filter((each) => second.has(each)).length
  const all = first.size + second.size - common
  return all === 0 ? 1 : common / all
}

function sequencesIn(source: string): ReadonlySet<string> {
  const bare = source
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '')
    .replace(/description:\s*(['"`])(?:\\.|(?!\1)[^\\])*\1/g, '')
  const words = bare.match(/\w+|[^\s\w]/g) ?? []
  return new Set(words.map((_, at) => words.slice(at, at + sequence).join(' ')))
}

function unlisted(members: readonly Member[], index: ReadonlySet<string>): MemberFinding[] {
  return members
    .filter(({ path }) => !index.has(path))
    .map(({ interaction, path }) =>
      finding(interaction.id, 'I3', [
        'assembly-listing',
        'reject',
        `${path} is not loaded by index.ts.`,
      ]),
    )
}

type Told = readonly [check: string, severity: MemberFinding['severity'], message: string]

function finding(
  interactionId: string,
  behaviour: MemberFinding['behaviour'],
  [check, severity, message]: Told,
): MemberFinding {
  const remedy = 'Build the interaction again.'
  return { check, behaviour, severity, message, remedy, pointer: null, interactionId }
}
