import { userInfo } from 'node:os'

/** The account of this machine that a command runs in; `uid 4711` where it has no name, as in many containers. */
export function accountName(read: () => { readonly username: string } = userInfo): string {
  try {
    return read().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
