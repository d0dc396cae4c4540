import type { SandboxLimits } from './sandbox.js'

const kibibytes = (bytes: number) => Math.max(1, Math.floor(bytes / 1024))

/** The shell that prepares a box from the inside; the only one that can close descriptors above 9. */
export const insideShell = '/bin/bash'

function setLimits(limits: SandboxLimits): string {
  const { memoryBytes, cpuSeconds, processes, fileBytes } = limits
  return [
    'ulimit -c 0',
    `ulimit -d ${kibibytes(memoryBytes)}`,
    `ulimit -t ${Math.max(1, Math.ceil(cpuSeconds))}`,
    `ulimit -f ${kibibytes(fileBytes)}`,
    `ulimit -u ${processes}`,
  ].join(' && ')
}

/**
 * Commands for the inside shell: set the limits for good, and close every descriptor above `lastDescriptor`, which a
 * parent of Plumb may have left open. Exit code 126 means that a limit could not be set.
 */
export function insideScript(limits: SandboxLimits, lastDescriptor: number): string {
  const closeOne = `[ "$fd" -gt ${lastDescriptor} ] && eval "exec $fd>&-"`
  return [
    `{ ${setLimits(limits)}; } || exit 126`,
    `for fd in /dev/fd/*; do fd=\${fd##*/}; ${closeOne}; done`,
    'unset fd OLDPWD',
  ].join('\n')
}
