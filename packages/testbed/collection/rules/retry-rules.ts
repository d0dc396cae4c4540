/** How often the calls of every integration in this project are tried again. */
export const retryRules = { reads: 3, writes: 0, background: 10 } as const

export function waitHeader(name: string): { at: string } {
  return { at: name.toLowerCase() }
}
