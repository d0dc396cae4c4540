import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openOpenCode } from '@plumb/builder'
import type { BuildProgress, BuildTools } from '@plumb/builder'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import { startModel } from '../model/start-model.js'
import type { OperationContext } from '../operations/operation.js'
import type { Workbench } from '../workbench.js'
import type { BuildOptions } from './build-options.js'
import { CloserStack } from './closer-stack.js'

export type OpenedBuildTools = { readonly tools: BuildTools; close(): Promise<void> }

export type BuildContext = OperationContext & {
  readonly workbench: Workbench
  readonly onProgress: (progress: BuildProgress) => void
  /** Called when the data folder is this build's alone, before it reads briefs and connections. */
  readonly beforeBriefs?: () => Promise<void>
  /** Called when the work is done, while everything that did it still runs: what it cost can be read then. */
  readonly beforeClosing?: () => Promise<void>
}

/** How often an agent may make the same call while nothing changes. */
const repeatedCalls = 8

/** Opens model, boxes, runner and harness for one build. The caller closes what it gets. */
export async function openBuildTools(
  options: BuildOptions,
  context: BuildContext,
): Promise<OpenedBuildTools> {
  const closers = new CloserStack()
  try {
    return { tools: await open(options, context, closers), close: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}

async function open(
  options: BuildOptions,
  { config, workbench, signal, onProgress, progress }: BuildContext,
  closers: CloserStack,
): Promise<BuildTools> {
  const { db, environment, keys, gateway } = workbench
  progress('Starting the model, the boxes and OpenCode ...')
  const model = closers.add(await startModel(options.model, config))
  const sandbox = closers.add(await openSandbox())
  const pool = closers.add(await openRunnerPool({ sandbox, size: options.concurrency }))
  const work = workFolder(config.home)
  // What a killed build left; nobody else works here, the build lock sees to that.
  await rm(join(work, 'workspaces'), { recursive: true, force: true })
  const harness = closers.add(
    await openOpenCode({
      directory: join(work, 'harness'),
      models: [model.access],
      sandbox,
      environment: config.environment,
    }),
  )
  return {
    ...{ db, environment, keys, gateway, pool, sandbox, harness, signal, onProgress },
    model: options.model,
    budget: {
      seconds: options.maxMinutes * 60,
      tokens: options.maxTokens,
      costUsd: options.maxCost,
      repeatedCalls,
    },
    maxAttempts: options.attempts,
    keepResources: options.keepResources,
    concurrency: options.concurrency,
    workspaceRoot: join(work, 'workspaces'),
    now: () => new Date().toISOString(),
    newId: (prefix) => `${prefix}_${randomBytes(9).toString('hex')}`,
  }
}

/** Workspaces may not lie in a git repository, where the data folder often does. One folder per data folder. */
function workFolder(home: string): string {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12)
  return join(tmpdir(), `plumb-work-${name}`)
}
