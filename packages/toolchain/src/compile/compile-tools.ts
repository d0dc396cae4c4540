import type { RunnerPool, Sandbox } from '@plumb/runtime'

/** What a compilation needs to run: a box for the compiler, and processes that load bundles. */
export type CompileTools = {
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  close(): Promise<void>
}

/** Opens the tools for one or more compilations. Throws `sandbox-unavailable`, `sandbox-failed`. */
export async function openCompileTools(): Promise<CompileTools> {
  const { openRunnerPool, openSandbox } = await import('@plumb/runtime')
  const sandbox = await openSandbox()
  const pool = await openRunnerPool({ sandbox, size: 2 })
  return {
    sandbox,
    pool,
    async close() {
      await pool.close()
      await sandbox.close()
    },
  }
}
