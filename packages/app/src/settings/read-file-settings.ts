import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `settings` of the plumb.config.ts in a folder, unchecked; nothing without it. Throws PlumbError `config-invalid`. */
export async function readFileSettings(
  directory: string,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(join(directory, 'plumb.config.ts'), 'utf8').catch(() => '')
  // Reading the file takes a parser, which most projects need not wait for.
  if (!text.includes('settings')) return {}
  const { readProjectConfig } = await import('@plumb/toolchain/compile')
  return (await readProjectConfig(directory)).settings
}
