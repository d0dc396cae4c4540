import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const plumb = join(import.meta.dirname, '../..', 'packages', 'app', 'bin', 'plumb.js')

/** Serves in a folder until it says that it does; then nobody reads on, and it is asked to stop. Its exit code. */
export async function serveUnread(cwd: string): Promise<unknown> {
  const child = spawn(process.execPath, [plumb, 'serve', '--port', '0'], {
    ...{ cwd, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
  })
  const ended = once(child, 'exit')
  let said = ''
  for await (const chunk of child.stderr ?? []) {
    said += String(chunk)
    // Leaving the loop closes the pipe.
    if (said.includes('end with Ctrl-C')) break
  }
  child.kill('SIGTERM')
  return (await ended)[0]
}
