import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runTests } from './run-tests.js'
import type { RunTestsInput } from './run-tests.js'

type Bundle = { readonly bundle: () => Promise<void> }

/** Makes the worker from the sources as they are. */
export async function bundleWorker(): Promise<void> {
  const script: string = '../../bundle.mjs'
  const { bundle } = (await import(script)) as Bundle
  await bundle()
}

/** A project in a temporary folder whose tests are run in one worker. */
export class ProjectUnderTest {
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
  }

  static async open(): Promise<ProjectUnderTest> {
    return new ProjectUnderTest(await mkdtemp(join(tmpdir(), 'plumb-tests-')))
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.directory, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  }

  run(more: Partial<RunTestsInput> = {}) {
    const signal = new AbortController().signal
    return runTests({ directory: this.directory, mode: 'compat', workers: 1, signal, ...more })
  }

  close(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true })
  }
}
