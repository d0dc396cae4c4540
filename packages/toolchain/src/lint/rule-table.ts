import { projectRules } from './project/project-rules.js'
import { agentRuleSummaries } from './rule-summaries.js'
import { lintRules } from './rules.js'

type Severity = 'reject' | 'warn'

/** One rule with what each set does when it hits; null when the set does not have it. */
export type RuleRow = {
  readonly name: string
  /** For functions of a project, whoever wrote them. */
  readonly compile: Severity | null
  /** For functions that an agent submits. */
  readonly agent: Severity | null
  readonly summary: string
  readonly remedy: string
}

/** Every rule of both sets, sorted by name, each once. */
export const ruleTable: readonly RuleRow[] = rows()

/** Names of every rule of both sets, sorted, each once. */
export const lintRuleNames: readonly string[] = ruleTable.map(({ name }) => name)

function rows(): RuleRow[] {
  const names = [...new Set([...lintRules, ...projectRules].map(({ name }) => name))].sort()
  return names.map(row)
}

function row(name: string): RuleRow {
  const agent = lintRules.find((rule) => rule.name === name)
  const project = projectRules.find((rule) => rule.name === name)
  return {
    name,
    compile: severityOf(project),
    agent: severityOf(agent),
    summary: project?.summary ?? agentRuleSummaries[name] ?? '',
    remedy: (project ?? agent)?.remedy ?? '',
  }
}

function severityOf(rule: { readonly severity: Severity } | undefined): Severity | null {
  return rule?.severity ?? null
}

/** The page `docs/checks.md`. */
export function checksPage(): string {
  const sections = ruleTable.map(
    ({ name, compile, agent, summary, remedy }) =>
      `### ${name}\n\n${summary}\n\n- Compile: ${compile ?? 'not asked'}. Agents: ${agent ?? 'not asked'}.\n- Remedy: ${remedy}\n`,
  )
  return `${introduction}\n${sections.join('\n')}`
}

const introduction = `# Checks

What is read in the source of a function before it runs. Two sets of rules share this list:

- **Compile** holds for every function of a project, whoever wrote it. It follows relative imports, so a defect is
  shown in the file that has it. \`reject\` fails the compilation and is kept for what is certainly wrong; \`warn\` is
  shown and fails nothing. A few rules warn about the less certain forms of what they reject.
- **Agents** holds for functions that a coding agent submits, one file each, and is strict.

Nothing in a source can switch a rule off. This page is written from the rules (\`npx vitest run
packages/toolchain/src/lint/rule-table.test.ts -u\`).

## Rules
`
