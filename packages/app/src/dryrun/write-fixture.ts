import { mkdir, rename, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Fixture } from '@plumb/protocol'

export type FixtureName = {
  /** The function's TypeScript file. */
  readonly file: string
  readonly name: string
  /** A further recording of the same function. */
  readonly case?: string | undefined
  readonly force: boolean
}

/** `tests/<name>.test.json` of the integration, or `tests/<name>.<case>.test.json`. Throws PlumbError `file-exists`. */
export function fixturePath({ file, name, case: other, force }: FixtureName): string {
  const ending = other === undefined ? 'test.json' : `${other}.test.json`
  const path = join(dirname(dirname(file)), 'tests', `${name}.${ending}`)
  if (force || !existsSync(path)) return path
  throw new PlumbError({
    code: 'file-exists',
    message: `${path} is there already.`,
    remedy: 'Record a further one with --case <name>, or replace it with --force.',
  })
}

/** Puts the whole fixture in place at once. */
export async function writeFixture(path: string, fixture: Fixture): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, `${JSON.stringify(fixture, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
