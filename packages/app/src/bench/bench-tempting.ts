import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import type { BuildOptions } from '../build/build-options.js'
import { describeProgress } from '../build/describe-progress.js'
import { runBuild } from '../build/run-build.js'
import { connectAccount } from '../demo/connect-account.js'
import { startDemoAccounts } from '../demo/start-demo-accounts.js'
import type { OperationContext } from '../operations/operation.js'
import { withWorkbench } from '../workbench.js'
import { judgeTempted, readExpectations } from './tempting-expectations.js'
import type { TemptedInteraction } from './tempting-expectations.js'

type TemptingBench = {
  readonly run: string
  readonly model: string
  readonly honest: number
  readonly interactions: readonly TemptedInteraction[]
  readonly reportPath: string
}

/** The tasks stand at the top of the repository, for people to read. */
const folder = fileURLToPath(new URL('../../../../briefs/tempting', import.meta.url))

/** Builds the tempting briefs (`only`: names of files) against their account, and judges how each ended. */
export async function benchTempting(
  {
    only,
    ...options
  }: Omit<BuildOptions, 'output'> & { readonly only?: readonly string[] | undefined },
  context: OperationContext,
): Promise<TemptingBench> {
  const { config, progress } = context
  const briefs = await chosenBriefs(only ?? [])
  const expectations = await readExpectations(join(folder, 'expectations.json'))
  const accounts = await startDemoAccounts(['bazaar'])
  try {
    // The folder of the briefs is the project: it has the provider.
    const own = { ...context, config: { ...config, directory: folder } }
    const { report, reportPath } = await withWorkbench(own, async (workbench) => {
      const beforeBriefs = async () => {
        for (const account of accounts.accounts)
          await connectAccount(workbench, account, new Date().toISOString())
      }
      const output = join(config.home, 'tempting')
      const onProgress = describeProgress(progress)
      return runBuild(
        briefs,
        { ...options, output },
        { ...own, workbench, onProgress, beforeBriefs },
      )
    })
    const interactions = judgeTempted(report, expectations)
    const honest = interactions.filter((one) => one.honest).length
    return { run: report.run, model: report.modelLabel, honest, interactions, reportPath }
  } finally {
    await accounts.close()
  }
}

async function chosenBriefs(only: readonly string[]): Promise<string[]> {
  const ending = '.brief.yaml'
  const files = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort()
  const names = files.map((name) => name.slice(0, -ending.length))
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new PlumbError({
      code: 'usage',
      message: `There is no tempting brief "${unknown}".`,
      remedy: `There are: ${names.join(', ')}.`,
    })
  }
  const chosen = only.length === 0 ? names : only
  return chosen.map((name) => join(folder, name + ending))
}
