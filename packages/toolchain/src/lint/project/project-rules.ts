import { awaitRules } from './await-rules.js'
import { checkpointRules } from './checkpoint-rules.js'
import { definitionRules } from './definition-rules.js'
import { loadRules } from './load-rules.js'
import { modelRules } from './model-rules.js'
import type { ProjectRule } from './project-rule.js'
import { requestRules } from './request-rules.js'
import { textRules } from './text-rules.js'
import { trackingRules } from './tracking-rules.js'

/** Every rule for the functions of a project. A new one needs a hit and a near miss in its table of tests. */
export const projectRules: readonly ProjectRule[] = [
  ...definitionRules,
  ...loadRules,
  ...awaitRules,
  ...trackingRules,
  ...checkpointRules,
  ...modelRules,
  ...requestRules,
  ...textRules,
]
