import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from '../build/build-options.js'
import type { BuildContext } from '../build/open-build-tools.js'
import type { BuildResult } from '../build/run-build.js'
import { runBuild } from '../build/run-build.js'
import { connectAccount } from './connect-account.js'
import { startDemoAccounts } from './start-demo-accounts.js'

/** The demo's briefs stand at the top of the repository, for people to read. */
export const demoBriefs = fileURLToPath(new URL('../../../../briefs', import.meta.url))

/** Starts emulated accounts, builds the demo's briefs against them, and leaves integrations and a report. */
export async function runDemo(
  options: Omit<BuildOptions, 'output'>,
  context: BuildContext,
): Promise<BuildResult> {
  const { config, workbench, progress } = context
  progress('Starting emulated accounts: GitHub, Slack, Gmail, Google Calendar ...')
  const accounts = await startDemoAccounts()
  try {
    // Only once no other build can be using the accounts that these replace.
    const beforeBriefs = async () => {
      for (const account of accounts.accounts)
        await connectAccount(workbench, account, new Date().toISOString())
    }
    const output = join(config.home, 'demo')
    return await runBuild([demoBriefs], { ...options, output }, { ...context, beforeBriefs })
  } finally {
    await accounts.close()
  }
}
