import { createHash } from 'node:crypto'
import { canonicalJson, PlumbError } from '@plumb/protocol'
import type { Submission, SubmittedFile } from '@plumb/protocol'
import { exportSubmission } from '../workspace/export-submission.js'
import type { Workspace } from '../workspace/workspace.js'

/** SHA-256 over the sorted paths and contents: the identity of a submission. */
export function hashSubmission(files: readonly SubmittedFile[]): Submission['hash'] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const named = sorted.map(({ path, sha256 }) => [path, sha256])
  return createHash('sha256').update(canonicalJson(named)).digest('hex')
}

/** Text of the workspace's function. Throws PlumbError `submission-invalid` with the reason it cannot be taken. */
export async function readFunction(workspace: Workspace): Promise<string> {
  const [file] = await exportFiles(workspace)
  return file?.content ?? ''
}

/** Takes the declared files out of the workspace, from outside its box. Throws PlumbError `submission-invalid`. */
export async function exportFiles(workspace: Workspace): Promise<readonly SubmittedFile[]> {
  const exported = await exportSubmission(workspace)
  if (exported.kind === 'exported') return exported.files
  throw new PlumbError({
    code: 'submission-invalid',
    message: exported.reason,
    remedy: 'Write function.ts as one ordinary text file in the workspace.',
  })
}
