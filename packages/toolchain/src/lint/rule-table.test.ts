import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { projectRules } from './project/project-rules.js'
import { agentRuleSummaries } from './rule-summaries.js'
import { checksPage, lintRuleNames, ruleTable } from './rule-table.js'
import { lintRules } from './rules.js'

const page = fileURLToPath(new URL('../../../../docs/checks.md', import.meta.url))

test('docs/checks.md is the list of the code (vitest -u writes it)', async () => {
  await expect(checksPage()).toMatchFileSnapshot(page)
})

test.each(ruleTable)('$name says in a sentence what goes wrong, and what to do', (row) => {
  expect(row.summary).toMatch(/^[A-Za-z].*\.$/)
  expect(row.remedy).toMatch(/\.$/)
  expect(row.compile ?? row.agent).not.toBeNull()
})

test('each name is listed once, and no summary is left over', () => {
  expect(new Set(lintRuleNames).size).toBe(lintRuleNames.length)
  expect([...lintRuleNames].sort()).toEqual(lintRuleNames)
  const project = new Set(projectRules.map(({ name }) => name))
  const own = lintRules.map(({ name }) => name).filter((name) => !project.has(name))
  expect(Object.keys(agentRuleSummaries).sort()).toEqual(own.sort())
})
