import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Where one OpenCode server keeps its things; nothing of the user's own OpenCode is seen. */
export type OpenCodeHome = {
  readonly directory: string
  readonly shellPath: string
  readonly pluginPath: string
  readonly modelsPath: string
  readonly databasePath: string
  /** One file per workspace that holds the path of its launcher. */
  readonly boxes: string
}

/** Without a launcher for the session's folder nothing runs: there is no unboxed shell to fall back to. */
const shellScript = [
  '#!/bin/sh',
  'if [ -z "$PLUMB_BOX_LAUNCHER" ] || [ ! -x "$PLUMB_BOX_LAUNCHER" ]; then',
  '  echo "plumb: this session has no box" >&2; exit 126',
  'fi',
  'exec /usr/bin/env -i "$PLUMB_BOX_LAUNCHER" "$@"',
  '',
].join('\n')

/** OpenCode installs this package into its config folder unless it looks installed; offline that takes a minute. */
function pluginPackage(version: string) {
  const dependencies = { '@opencode-ai/plugin': version }
  return {
    manifest: { dependencies },
    lock: { name: 'opencode', lockfileVersion: 3, packages: { '': { dependencies } } },
  }
}

async function bundlePlugin(boxes: string): Promise<string> {
  const source = fileURLToPath(new URL('./plugin/box-plugin.ts', import.meta.url))
  const compiled = fileURLToPath(new URL('./plugin/box-plugin.js', import.meta.url))
  const result = await build({
    entryPoints: [existsSync(source) ? source : compiled],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    define: { plumbBoxes: JSON.stringify(boxes) },
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

/** The name under which a folder's launcher is registered. */
export const boxName = (directory: string): string =>
  createHash('sha256').update(directory).digest('hex')

/** Lays out the folder of a server: configuration, plugin, shell wrapper, empty models catalog. */
export async function prepareHome(directory: string, version: string): Promise<OpenCodeHome> {
  const config = join(directory, '.config', 'opencode')
  const home = {
    directory,
    shellPath: join(directory, 'plumb-shell'),
    pluginPath: join(directory, 'plumb-box.js'),
    modelsPath: join(directory, 'models.json'),
    databasePath: join(directory, 'opencode.db'),
    boxes: join(directory, 'boxes'),
  }
  await mkdir(join(config, 'node_modules'), { recursive: true, mode: 0o700 })
  await mkdir(home.boxes, { recursive: true, mode: 0o700 })
  const { manifest, lock } = pluginPackage(version)
  await writeFile(join(config, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(config, 'package-lock.json'), JSON.stringify(lock))
  await writeFile(home.modelsPath, '{}')
  await writeFile(home.pluginPath, await bundlePlugin(home.boxes))
  await writeFile(home.shellPath, shellScript)
  await chmod(home.shellPath, 0o755)
  return home
}
