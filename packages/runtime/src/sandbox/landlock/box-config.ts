/** A file or folder and the Landlock rights (LANDLOCK_ACCESS_FS_*) that the box has beneath it. */
export type PathRule = { readonly path: string; readonly access: number }

/** Everything `landlock-exec` needs to turn its own process into a box; made by the control side, so trusted. */
export type BoxConfig = {
  readonly rules: readonly PathRule[]
  /** [resource, value] pairs for setrlimit(2); the soft and the hard limit are the same. */
  readonly limits: readonly (readonly [resource: number, value: number])[]
  /** Processes and threads that the box may add to those its user has. */
  readonly processes: number
  /** Seccomp program, base64. */
  readonly filter: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Put before the arguments of the command line. */
  readonly command: readonly string[]
  /** Descriptors above this one are closed. */
  readonly lastDescriptor: number
  readonly membersFile: string | null
  /** Newest Landlock interface to use. */
  readonly abi: number
}
