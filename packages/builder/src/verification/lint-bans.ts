import { findingsFromDiagnostics, lintFunction } from '@plumb/toolchain'
import { namedFields } from '../reading/named-fields.js'
import { submittedPath } from './submission-integrity.js'
import type { Check } from './verification-input.js'

/** Does the function's text hold anything that is banned? */
export const lintBans: Check = {
  name: 'lint',
  run: ({ source, interaction }) => {
    const declaredOutputFields = namedFields(interaction.output).map(({ name }) => name)
    const diagnostics = lintFunction({
      source,
      fileName: submittedPath,
      declaredOutputFields,
      declaredInputFields: namedFields(interaction.input).map(({ name }) => name),
      expectedStatuses: interaction.expectedStatuses ?? [],
    })
    return findingsFromDiagnostics(lintBans.name, diagnostics)
  },
}
