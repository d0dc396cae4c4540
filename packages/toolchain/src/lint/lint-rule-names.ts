import { projectRules } from './project/project-rules.js'
import { lintRules } from './rules.js'

/** Names of every rule of both sets, sorted, each once. */
export const lintRuleNames: readonly string[] = [
  ...new Set([...lintRules, ...projectRules].map(({ name }) => name)),
].sort()
