import { createHash } from 'node:crypto'
import type { Finding } from '@plumb/protocol'
import type { Check, CheckInput } from './verification-input.js'

export const submittedPath = 'function.ts'

/** Is the submission what was exported, with declared paths only, and did the read-only files stay as they were? */
export const submissionIntegrity: Check = {
  name: 'submission-integrity',
  run: (input) => [...wrongFiles(input), ...wrongHash(input), ...changedFiles(input)],
}

function wrongFiles({ evidence }: CheckInput): Finding[] {
  return (evidence.submission?.files ?? []).flatMap((file) => {
    if (file.path !== submittedPath) {
      return [
        reject(
          'A4',
          `The submission holds ${JSON.stringify(file.path)}, which is not a declared path.`,
        ),
      ]
    }
    const hash = createHash('sha256').update(file.content).digest('hex')
    if (hash === file.sha256) return []
    return [
      reject('A1', `${file.path} has the hash ${hash}, but was exported with ${file.sha256}.`),
    ]
  })
}

function wrongHash({ evidence }: CheckInput): Finding[] {
  const last = evidence.trace.filter(({ kind }) => kind === 'submitted').at(-1)
  if (last?.kind !== 'submitted' || last.submissionHash === evidence.submission?.hash) return []
  const message = `The trace says that ${last.submissionHash} was submitted, but ${evidence.submission?.hash ?? 'nothing'} is stored.`
  return [{ ...reject('A1', message), pointer: { kind: 'trace', sequence: last.sequence } }]
}

function changedFiles({ evidence }: CheckInput): Finding[] {
  return evidence.protectedFilesChanged.map((path) =>
    reject(/test|fixture/.test(path) ? 'A1' : 'G7', `The read-only file ${path} was changed.`),
  )
}

function reject(behaviour: Finding['behaviour'], message: string): Finding {
  return {
    check: submissionIntegrity.name,
    behaviour,
    severity: 'reject',
    message,
    remedy: 'Change function.ts only, and hand it in with "plumb submit".',
    pointer: null,
  }
}
