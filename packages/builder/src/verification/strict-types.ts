import { checkTypes, findingsFromDiagnostics } from '@plumb/toolchain'
import { submittedPath } from './submission-integrity.js'
import type { Check } from './verification-input.js'

/** Does the function type-check under our own flags? */
export const strictTypes: Check = {
  name: 'types',
  run: async ({ source, sandbox, signal }) => {
    const files = [{ path: submittedPath, content: source }]
    return findingsFromDiagnostics(strictTypes.name, await checkTypes({ files, sandbox, signal }))
  },
}
