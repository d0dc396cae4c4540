import { PlumbError } from '@plumb/protocol'

/** Exit codes of the `plumb` command. */
export const exitCodes = { ok: 0, error: 1, notAccepted: 2, usage: 64, cancelled: 130 } as const

/** The one place where what was thrown becomes words and an exit code. */
export type Failure = {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly docs: string
  readonly exitCode: number
}

/** Describes anything thrown, also what nobody expected. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof PlumbError) return { ...words(thrown), exitCode: exitCodeOf(thrown) }
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { ...words(cancelled(thrown)), exitCode: exitCodes.cancelled }
  if (isDiskFull(thrown)) return { ...words(diskFull(thrown)), exitCode: exitCodes.error }
  if (isWithoutFolder(thrown)) return { ...words(withoutFolder(thrown)), exitCode: exitCodes.error }
  if (isRefusedFile(thrown)) return { ...words(refusedFile(thrown)), exitCode: exitCodes.error }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const unexpected = new PlumbError({
    code: 'internal',
    message: `Something broke inside Plumb: ${message}`,
    remedy: 'Run the command again with --verbose and report the trace it prints.',
  })
  return { ...words(unexpected), exitCode: exitCodes.error }
}

function cancelled(cause: Error): PlumbError {
  const remedy = 'Run the same command again.'
  return new PlumbError({ code: 'cancelled', message: 'It was stopped.', remedy, cause })
}

function isDiskFull(thrown: unknown): thrown is Error {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function diskFull(cause: Error): PlumbError {
  return new PlumbError({
    code: 'disk-full',
    message: `A disk is full: ${cause.message}`,
    remedy: 'Free some space, and run the same command again: what is finished is kept.',
    cause,
  })
}

function isWithoutFolder(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'uv_cwd'
}

function withoutFolder(cause: Error): PlumbError {
  return new PlumbError({
    code: 'file-inaccessible',
    message: 'The working folder is gone: it was removed or replaced since it was entered.',
    remedy: 'Change to a folder that is there, and run the command again.',
    cause,
  })
}

const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']
const fileCalls = 'open mkdir scandir stat lstat access unlink rmdir rename link symlink copyfile'
const ofFiles = new Set(fileCalls.split(' '))

type FileError = Error & Pick<NodeJS.ErrnoException, 'code' | 'syscall' | 'path'>

/** What the file system does not let this user do; a file that is not there may be a defect of ours. */
function isRefusedFile(thrown: unknown): thrown is FileError & { readonly path: string } {
  if (!(thrown instanceof Error)) return false
  const { code = '', syscall = '', path } = thrown as FileError
  const isRefusal = refusals.includes(code) || (code === 'ENOENT' && syscall === 'mkdir')
  return isRefusal && ofFiles.has(syscall) && typeof path === 'string'
}

function refusedFile(cause: FileError & { readonly path: string }): PlumbError {
  return new PlumbError({
    code: 'file-inaccessible',
    message: `"${cause.path}" cannot be used: ${cause.message}.`,
    remedy: 'Give this user the right to read and write it, or choose another place.',
    cause,
  })
}

function words(error: PlumbError) {
  return { code: error.code, message: error.message, remedy: error.remedy, docs: error.docs }
}

function exitCodeOf(error: PlumbError): number {
  if (error.code === 'cancelled') return exitCodes.cancelled
  return error.code === 'usage' ? exitCodes.usage : exitCodes.error
}

/** What commander refused, as the error that `--json` prints. */
export function wrongUsage({ message }: Error): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: message.replace(/^error: /, '').replace(/\s+/g, ' '),
    remedy: 'Call the command with --help to see what it takes.',
  })
}
