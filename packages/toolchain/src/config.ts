/** The environment of this process, as it is now. */
export function environment(): NodeJS.ProcessEnv {
  return process.env
}

/** Puts a plain copy in the place of the process's own environment, whose every read is a system call. */
export function detachEnvironment(): void {
  process.env = { ...process.env }
}
