import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { PlumbError } from '@plumb/protocol'

/** PostgreSQL refuses to run as root: how its programs are started, and who owns their files. */
export type ServerIdentity = {
  /** Words before the program's path. */
  readonly prefix: readonly string[]
  /** Given when the programs run as another user than this process. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
}

type Account = { readonly uid: number; readonly gid: number }

type IdentityQuestion = {
  /** User of this process; undefined on systems without user ids. */
  readonly uid: number | undefined
  /** Owner of the data directory, or null when it is not there yet. */
  readonly dataOwner: Account | null
  readonly dataDir: string
}

/**
 * A user of the machine runs as itself. A user id without an account, as containers give them, and root run as nobody
 * in a user namespace; root may also become an unprivileged user.
 */
export function chooseServerIdentity(q: IdentityQuestion): ServerIdentity {
  if (q.uid !== 0) return { prefix: q.uid === undefined ? [] : namePrefix(q.uid), owner: null }
  if (q.dataOwner !== null && q.dataOwner.uid !== 0) return { prefix: [], owner: q.dataOwner }
  const account = unprivilegedAccount()
  if (account === null) throw noIdentity('this machine has no user but root')
  const prefix = namespacePrefix(account)
  if (works(prefix, null)) return { prefix, owner: null }
  if (works([], account)) return { prefix: [], owner: account }
  throw noIdentity(`neither a user namespace nor the user id ${account.uid} can be used`)
}

/** `initdb` looks its user up by name: where there is none, a namespace lends nobody's. */
function namePrefix(uid: number): readonly string[] {
  if (accountsOf(readPasswd()).some((account) => account.uid === uid)) return []
  const account = unprivilegedAccount()
  const prefix = account === null ? [] : namespacePrefix(account)
  // Other sources of users than the file, such as LDAP, are left to initdb itself.
  return works(prefix, null) ? prefix : []
}

/** The words that make root appear as `account`, so that files stay root's and nothing else changes. */
function namespacePrefix(account: Account): readonly string[] {
  return ['unshare', '--user', `--map-user=${account.uid}`, `--map-group=${account.gid}`, '--']
}

/** `initdb` looks its user up by name, so the id must be one of the machine's. */
export function unprivilegedAccount(passwd = readPasswd()): Account | null {
  const accounts = accountsOf(passwd).filter(({ uid, gid }) => uid > 0 && gid > 0)
  const found = accounts.find((account) => account.name === 'nobody') ?? accounts[0]
  return found === undefined ? null : { uid: found.uid, gid: found.gid }
}

function accountsOf(passwd: string): (Account & { readonly name: string })[] {
  return passwd
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    return ''
  }
}

function works(prefix: readonly string[], owner: Account | null): boolean {
  const [program, ...args] = [...prefix, 'true']
  const result = spawnSync(program ?? 'true', args, { stdio: 'ignore', ...owner })
  return result.status === 0
}

function noIdentity(reason: string): PlumbError {
  return new PlumbError({
    code: 'database-unavailable',
    message: `The embedded PostgreSQL cannot run as root here: ${reason}.`,
    remedy:
      'Run Plumb as an ordinary user, or allow user namespaces (util-linux "unshare", sysctl kernel.unprivileged_userns_clone=1), or set DATABASE_URL to a PostgreSQL of your own.',
  })
}
