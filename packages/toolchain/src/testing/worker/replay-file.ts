import type { FileResult } from '../test-run.js'
import type { Job } from './messages.js'

export async function replayFile(_: {
  job: Job
  importFile: (path: string) => Promise<unknown>
}): Promise<Omit<FileResult, 'warnings'>> {
  return { passed: 0, failed: 0, skipped: 0, failures: [] }
}
