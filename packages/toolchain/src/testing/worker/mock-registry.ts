import { clearAllMocks } from '@vitest/spy'

/**
 * The set in which `@vitest/spy` keeps every mock it ever made, so that a test file's mocks can be let go at
 * its end; a worker that runs thousands of files would keep them all. Undefined when there is none to be found.
 */
export function findMockRegistry(): Set<unknown> | undefined {
  const seen: Set<unknown>[] = []
  const descriptor = Object.getOwnPropertyDescriptor(Set.prototype, 'forEach')
  if (!descriptor) return undefined
  Object.defineProperty(Set.prototype, 'forEach', {
    ...descriptor,
    value(this: Set<unknown>) {
      seen.push(this)
    },
  })
  try {
    clearAllMocks()
  } finally {
    Object.defineProperty(Set.prototype, 'forEach', descriptor)
  }
  return seen[0]
}
