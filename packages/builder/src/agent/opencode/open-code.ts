import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { GlobalEvent } from '@opencode-ai/sdk/v2'
import { rgPath } from '@vscode/ripgrep'
import { PlumbError } from '@plumb/protocol'
import type { Sandbox } from '@plumb/runtime'
import type { Harness, Session, StartSession } from '../harness.js'
import { checkBox } from './check-box.js'
import { findOpenCode } from './find-open-code.js'
import type { OpenCodeBinary } from './find-open-code.js'
import { openCodeConfig } from './open-code-config.js'
import { boxName, prepareHome } from './open-code-home.js'
import type { OpenCodeHome } from './open-code-home.js'
import { OpenCodeServer } from './open-code-server.js'
import { OpenCodeSession } from './open-code-session.js'
import type { ModelAccess } from './resolve-model.js'

export type OpenCodeOptions = {
  /** Folder for the server's own files; made when missing. */
  readonly directory: string
  readonly models: readonly ModelAccess[]
  readonly sandbox: Sandbox
  /** PATH, and what a network needs (proxy, certificates); nothing else of it reaches the server. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Seconds until a model that sends nothing is given up; default 120. */
  readonly silenceSeconds?: number
  readonly now?: () => number
  /** Protects the server's HTTP interface; default: a random one. */
  readonly password?: string
  readonly binary?: OpenCodeBinary
}

const passedOn = [
  'PATH',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
]

const flags = {
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_FFF: '1',
  OPENCODE_DISABLE_PROJECT_CONFIG: '1',
  OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
  OPENCODE_DISABLE_CLAUDE_CODE: '1',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  OPENCODE_DISABLE_SHARE: '1',
}

function passOn(environment: OpenCodeOptions['environment']): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Whether ripgrep starts; without it agents read the skill as a file. */
export function hasRipgrep(path: string): boolean {
  return spawnSync('rg', ['--version'], { env: { PATH: path } }).status === 0
}

function serverEnvironment(options: OpenCodeOptions, home: OpenCodeHome): Record<string, string> {
  // The ripgrep that npm brought comes last: the machine's own, where there is one, is preferred.
  const machine = options.environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const path = `${machine}${delimiter}${dirname(rgPath)}`
  const config = openCodeConfig({
    models: options.models,
    shellPath: home.shellPath,
    pluginPath: home.pluginPath,
    skills: hasRipgrep(path),
    silenceMs: (options.silenceSeconds ?? 120) * 1_000,
  })
  return {
    ...passOn(options.environment),
    ...flags,
    PATH: path,
    HOME: home.directory,
    LANG: 'C.UTF-8',
    OPENCODE_MODELS_PATH: home.modelsPath,
    OPENCODE_DB: home.databasePath,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
  }
}

function sessionIdOf({ payload }: GlobalEvent): string | null {
  if (payload.type === 'sync') return payload.syncEvent.aggregateID
  const properties = payload.properties as Readonly<Record<string, unknown>>
  const id = properties['sessionID']
  return typeof id === 'string' ? id : null
}

/** OpenCode behind the harness interface: one server, one session per attempt, every command in the attempt's box. */
export class OpenCode implements Harness {
  readonly name = 'opencode'
  readonly version: string
  readonly #home: OpenCodeHome
  readonly #server: OpenCodeServer
  readonly #now: () => number
  readonly #sessions = new Map<string, OpenCodeSession>()
  #url = ''

  constructor(
    options: OpenCodeOptions,
    { binary, home }: { binary: OpenCodeBinary; home: OpenCodeHome },
  ) {
    this.version = binary.version
    this.#home = home
    this.#now = options.now ?? Date.now
    const server = {
      binary: binary.path,
      cwd: home.directory,
      env: serverEnvironment(options, home),
      password: options.password ?? randomUUID(),
    }
    this.#server = new OpenCodeServer(server, {
      event: (event) => this.#sessions.get(sessionIdOf(event) ?? '')?.receive(event.payload),
      resumed: () => this.#sessions.forEach((session) => session.resumed()),
      died: (detail) => this.#sessions.forEach((session) => session.died(detail)),
    })
  }

  /** The process id of the server, started if there is none; for measurements. */
  async serverPid(): Promise<number> {
    return (await this.#running()).pid
  }

  async startSession(start: StartSession): Promise<Session> {
    const { directory } = start.workspace
    const unregister = await this.#register(start.workspace)
    const { client } = await this.#running()
    const { data, error } = await client.session.create({
      directory,
      title: start.attemptId,
      metadata: { attemptId: start.attemptId },
    })
    if (data === undefined)
      throw new PlumbError({
        code: 'harness-failed',
        message: `OpenCode did not open a session for attempt "${start.attemptId}": ${JSON.stringify(error)}`,
        remedy: 'Run the build again; the interactions that are done stay done.',
      })
    const session = new OpenCodeSession({
      id: data.id,
      start,
      server: () => this.#running(),
      url: () => this.#url,
      now: this.#now,
      onClose: async () => {
        await session.abort().catch(() => null)
        this.#sessions.delete(data.id)
        await unregister()
      },
    })
    this.#sessions.set(data.id, session)
    start.signal?.addEventListener('abort', () => void session.abort().catch(() => null), {
      once: true,
    })
    await session.prompt(start.prompt)
    return session
  }

  async saveDatabase(path: string): Promise<void> {
    await copyFile(this.#home.databasePath, path)
    // What is not yet in the main file; SQLite reads both together.
    if (existsSync(`${this.#home.databasePath}-wal`))
      await copyFile(`${this.#home.databasePath}-wal`, `${path}-wal`)
  }

  async close(): Promise<void> {
    await this.#server.close()
  }

  /** Proves that commands run in the box of their folder; throws PlumbError `harness-unavailable` if not. */
  async check(sandbox: Sandbox): Promise<void> {
    const { client } = await this.#running()
    const register = (workspace: { directory: string; launcherPath: string }) =>
      this.#register(workspace)
    await checkBox({ client, sandbox, register, directory: join(this.#home.directory, 'canary') })
  }

  async #running() {
    const running = await this.#server.running()
    this.#url = running.url
    return running
  }

  async #register(workspace: { readonly directory: string; readonly launcherPath: string }) {
    const path = join(this.#home.boxes, boxName(workspace.directory))
    await writeFile(path, workspace.launcherPath)
    return () => rm(path, { force: true })
  }
}

/**
 * Starts OpenCode with a home of its own and proves that its commands are boxed. Throws PlumbError
 * `harness-unavailable` when the program is missing, does not start, or runs commands outside of a box.
 */
export async function openOpenCode(options: OpenCodeOptions): Promise<OpenCode> {
  const binary = options.binary ?? findOpenCode()
  const home = await prepareHome(options.directory, binary.version)
  const harness = new OpenCode(options, { binary, home })
  try {
    await harness.check(options.sandbox)
  } catch (error) {
    await harness.close()
    throw error
  }
  return harness
}
