import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { assembleRun, buildBriefs, buildReport, renderReportHtml } from '@plumb/builder'
import type { AssembledIntegration, BuildTools, PreparedBrief } from '@plumb/builder'
import { PlumbError } from '@plumb/protocol'
import type { Report } from '@plumb/protocol'
import { finishRun } from '@plumb/store'
import type { BuildOptions } from './build-options.js'
import { makeFolder } from '../make-folder.js'
import { holdBuildLock } from './hold-build-lock.js'
import type { BuildContext } from './open-build-tools.js'
import { openBuildTools } from './open-build-tools.js'
import { openRun } from './open-run.js'
import { prepareBriefs } from './prepare-briefs.js'
import { refuseUnassembled } from './refuse-unassembled.js'

/** A finished build: its report, and where the report's files are. */
export type BuildResult = {
  readonly report: Report
  readonly reportPath: string
  readonly assembled: readonly AssembledIntegration[]
}

/** `plumb build`: briefs in, verified integrations and a report out. Continues a run that was ended half-way. */
export async function runBuild(
  paths: readonly string[],
  options: BuildOptions,
  context: BuildContext,
): Promise<BuildResult> {
  const { config, workbench, signal } = context
  const outputPath = resolve(config.directory, options.output)
  const lock = { db: workbench.db, home: config.home, signal }
  try {
    return await holdBuildLock(lock, async () => {
      await context.beforeBriefs?.()
      const briefs = await prepareBriefs(paths, context)
      await openOutput(outputPath)
      const opened = await openBuildTools(options, context)
      try {
        return await build({ briefs, options, outputPath, context, tools: opened.tools })
      } finally {
        await opened.close()
      }
    })
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error
  }
}

type Order = {
  readonly briefs: readonly PreparedBrief[]
  readonly options: BuildOptions
  /** Absolute. */
  readonly outputPath: string
  readonly context: BuildContext
  readonly tools: BuildTools
}

async function build({ context, tools, ...order }: Order): Promise<BuildResult> {
  const { db } = context.workbench
  const { briefs, outputPath } = order
  const run = await openRun({ ...order, db, newId: tools.newId, now: tools.now })
  await buildBriefs(tools, { runId: run.id, briefs })
  const assembled = await assembleRun(tools, { runId: run.id, briefs, outputDirectory: outputPath })
  // The run stays open when something was not written, so that the same command does only that again.
  refuseUnassembled(assembled)
  await finishRun(db, run.id, 'finished')
  await keepHarnessDatabase(tools, join(context.config.home, 'artefacts', run.id))
  await context.beforeClosing?.()
  const report = await buildReport(db, run.id)
  return { ...(await writeReport(report, outputPath)), assembled }
}

/** Refuses a place that cannot be written before anything is spent on what would go there. */
async function openOutput(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new PlumbError({
      code: 'output-invalid',
      message: `Nothing can be written to the output folder ${folder}: ${(cause as Error).message}`,
      remedy: 'Name a folder that you may write to with --output.',
      cause,
    })
  }
}

/** The harness's own record of the sessions, for whoever wants to look deeper than the trace. */
async function keepHarnessDatabase({ harness }: BuildTools, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await harness.saveDatabase(join(folder, 'opencode.db'))
}

async function writeReport(report: Report, folder: string) {
  const reportPath = join(folder, 'plumb-report.html')
  await writeFile(join(folder, 'plumb-report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(reportPath, renderReportHtml(report))
  return { report, reportPath }
}

function cancelled(cause: unknown): PlumbError {
  return new PlumbError({
    code: 'cancelled',
    message: 'The build was stopped. What is decided is kept.',
    remedy: 'Run the same command again: it goes on from there.',
    cause,
  })
}
