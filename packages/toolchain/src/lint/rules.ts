import { answerRules } from './answer-rules.js'
import { builtinRules } from './builtin-rules.js'
import { catchRules } from './catch-rules.js'
import { clockRules } from './clock-rules.js'
import { contextRules } from './context-rules.js'
import { globalRules } from './global-rules.js'
import { harnessRules } from './harness-rules.js'
import { importRules } from './import-rules.js'
import { inputRules } from './input-rules.js'
import type { LintRule } from './rule.js'
import { schemaRules } from './schema-rules.js'
import { syncRules } from './sync-rules.js'
import { trustRules } from './trust-rules.js'
import { typeRules } from './type-rules.js'

/** Every rule of the lint. A new one needs a case that hits and one that does not in its table of tests. */
export const lintRules: readonly LintRule[] = [
  ...typeRules,
  ...trustRules,
  ...catchRules,
  ...importRules,
  ...globalRules,
  ...builtinRules,
  ...harnessRules,
  ...schemaRules,
  ...contextRules,
  ...syncRules,
  ...inputRules,
  ...answerRules,
  ...clockRules,
]
