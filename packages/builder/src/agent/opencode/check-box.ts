import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client'
import { PlumbError } from '@plumb/protocol'
import type { Sandbox } from '@plumb/runtime'

export type BoxCheck = {
  readonly client: OpencodeClient
  readonly sandbox: Sandbox
  /** Makes a launcher the one of a folder; the answer undoes it. */
  readonly register: (box: {
    directory: string
    launcherPath: string
  }) => Promise<() => Promise<void>>
  /** A folder for the check; made and removed. */
  readonly directory: string
}

const limits = {
  memoryBytes: 256 * 1024 ** 2,
  cpuSeconds: 5,
  processes: 16,
  fileBytes: 1024 ** 2,
  tmpBytes: 1024 ** 2,
}

async function shellOutput(
  { client }: BoxCheck,
  directory: string,
  command: string,
): Promise<string> {
  const created = await client.session.create({ directory, title: 'box check' })
  const sessionID = created.data?.id ?? ''
  const { data, error } = await client.session.shell({
    sessionID,
    directory,
    agent: 'build',
    command,
  })
  await client.session.delete({ sessionID, directory })
  return JSON.stringify(data ?? error ?? null)
}

/**
 * Has the harness run a command that prints a secret file which only an unboxed shell can see. OpenCode falls back to a
 * plain shell without a word when something about the configured one does not please it.
 */
export async function checkBox(check: BoxCheck): Promise<void> {
  const outside = join(check.directory, 'outside')
  const inside = join(check.directory, 'inside')
  await mkdir(outside, { recursive: true })
  await mkdir(inside, { recursive: true })
  const directory = await realpath(inside)
  const [secret, sign] = [randomUUID(), randomUUID()]
  const secretPath = join(outside, 'secret')
  await writeFile(secretPath, secret)
  const mount = { outside: directory, inside: directory }
  const launcherPath = join(outside, 'launcher')
  const launcher = await check.sandbox.writeLauncher(
    {
      readOnly: [],
      writable: [mount],
      env: { PLUMB_SIGN: sign },
      cwd: directory,
      sockets: [],
      limits,
    },
    launcherPath,
  )
  const unregister = await check.register({ directory, launcherPath })
  try {
    const output = await shellOutput(check, directory, `cat '${secretPath}'; echo "$PLUMB_SIGN"`)
    if (output.includes(secret) || !output.includes(sign)) throw unboxed(output.slice(0, 600))
  } finally {
    launcher.kill()
    await unregister()
    await rm(check.directory, { recursive: true, force: true })
  }
}

function unboxed(output: string): PlumbError {
  return new PlumbError({
    code: 'harness-unavailable',
    message: `OpenCode does not run commands in the box. The check printed: ${output}`,
    remedy:
      'Install the pinned version with `npm install opencode-ai@1.18.33`, then run `plumb doctor`.',
  })
}
