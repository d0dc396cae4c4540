import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { assembleRun, buildBriefs, buildReport, renderReportHtml } from '@plumb/builder'
import type { AssembledIntegration, BuildTools } from '@plumb/builder'
import { PlumbError } from '@plumb/protocol'
import type { Report } from '@plumb/protocol'
import { finishRun } from '@plumb/store'
import type { BuildOptions } from './build-options.js'
import type { BuildContext } from './open-build-tools.js'
import { openBuildTools } from './open-build-tools.js'
import { openRun } from './open-run.js'
import { prepareBriefs } from './prepare-briefs.js'

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
  const briefs = await prepareBriefs(paths, context)
  await mkdir(outputPath, { recursive: true })
  const opened = await openBuildTools(options, context)
  try {
    const { tools } = opened
    const { db } = workbench
    const run = await openRun({
      db,
      briefs,
      options,
      outputPath,
      newId: tools.newId,
      now: tools.now,
    })
    await buildBriefs(tools, { runId: run.id, briefs })
    const order = { runId: run.id, briefs, outputDirectory: outputPath }
    const assembled = await assembleRun(tools, order)
    await finishRun(db, run.id, 'finished')
    await keepHarnessDatabase(tools, join(config.home, 'artefacts', run.id))
    await context.beforeClosing?.()
    const report = await buildReport(db, run.id)
    return { ...(await writeReport(report, outputPath)), assembled }
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error
  } finally {
    await opened.close()
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
