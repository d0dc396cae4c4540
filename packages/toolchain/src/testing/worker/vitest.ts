import { ModuleRegistry } from './module-registry.js'
import { createGlobalExpect } from './create-expect.js'
import { createVi } from './create-vi.js'
import { vitestModule } from './vitest-module.js'

// What this worker's process has one of. The worker's bundle puts this module in the place of `vitest`, so that
// the contexts of `@plumb/sdk/testing` and the test files share one `vi`.

/** The test file that is being run. */
export const current = { file: '' }

/** Modules that stand in for what a project need not install; filled when the worker starts. */
export const provided = new Map<string, unknown>()

export const registry = new ModuleRegistry(provided)

const made = createVi({ registry, file: () => current.file })

export const vi = made.vi
/** Takes back what a test file did with `vi`. */
export const restoreVi = made.restore
export const expect = createGlobalExpect()
export const { globals, module: vitest } = vitestModule(vi, expect)
export {
  describe,
  it,
  test,
  suite,
  beforeAll,
  beforeEach,
  afterAll,
  afterEach,
} from '@vitest/runner'
