import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

const conditions = ['source', 'node', 'import', 'default']
/** They take longest, so they begin first: what is left at the end is short. */
const long = ['examples', 'crashes', 'rogues', 'build-loop', 'escape', 'toolchain']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      [...long, ''].findIndex((name) => moduleId.includes(`/${name}`))
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  resolve: { conditions },
  // Vitest hands these on to Node, where "import" would give CommonJS modules the wrong file.
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/end-hanging-tests.ts'],
    // They end what hangs, and nothing else: a machine may be many times slower than ours, and busy.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // Its default of a second is how long a busy machine stands still.
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // Much of a test is waiting for what it started: one file per core, where the default leaves a core out.
    maxWorkers: availableParallelism(),
    // Files share a process, which loads what they import once: no module of ours keeps a state.
    isolate: false,
    sequence: { sequencer: LongFirst },
  },
})
