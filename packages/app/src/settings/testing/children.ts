import { readdirSync, readFileSync } from 'node:fs'

/** Processes that this one has started and not ended since. */
export function children(): readonly string[] {
  const tasks = `/proc/${process.pid}/task`
  const of = (id: string) => {
    try {
      return readFileSync(`${tasks}/${id}/children`, 'utf8').split(' ')
    } catch {
      // The thread has ended.
      return []
    }
  }
  return readdirSync(tasks).flatMap(of).filter(Boolean)
}
