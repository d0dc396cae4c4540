import { startBazaarAccount } from './bazaar/bazaar-account.js'
import { startCrmAccount } from './crm/crm-account.js'
import { startDeskAccount } from './desk/desk-account.js'
import { githubAccount } from './emulated/github-account.js'
import { googleMailAccount } from './emulated/google-mail-account.js'
import { slackAccount } from './emulated/slack-account.js'
import { startEmulatedAccount } from './emulated/start-emulated-account.js'
import { startGoogleCalendarAccount } from './google-calendar/google-calendar-account.js'
import { startHubspotAccount } from './hubspot/hubspot-account.js'
import type {
  AccountControls,
  AccountOptions,
  RunningAccount,
  TestAccount,
} from './test-account.js'

export type Accounts = {
  readonly accounts: readonly TestAccount[]
  /** The in-process handle of an account, by its provider's name. */
  controls(provider: string): AccountControls
  /** Every account back to its seed. */
  reset(): Promise<void>
  close(): Promise<void>
}

type Starter = (options: AccountOptions) => Promise<RunningAccount>

/** The accounts of the demo, in the order in which they are listed. */
const demoAccounts: Readonly<Record<string, Starter>> = {
  github: (options) => startEmulatedAccount(githubAccount(options)),
  slack: (options) => startEmulatedAccount(slackAccount(options)),
  'google-mail': (options) => startEmulatedAccount(googleMailAccount(options)),
  'google-calendar': startGoogleCalendarAccount,
}

/** Accounts beside the demo: made-up ones that measure how general the rest is, and one that the examples use. */
const furtherAccounts: Readonly<Record<string, Starter>> = {
  crm: startCrmAccount,
  desk: startDeskAccount,
  bazaar: startBazaarAccount,
  hubspot: startHubspotAccount,
}

function starterOf(name: string): Starter {
  const known = { ...demoAccounts, ...furtherAccounts }
  const starter = known[name]
  if (starter) return starter
  throw new Error(
    `There is no test account "${name}". There are: ${Object.keys(known).join(', ')}.`,
  )
}

/**
 * Starts test accounts on ephemeral loopback ports, in this process; all of the demo's, or those
 * named in `only`.
 */
export async function startAccounts(
  options: { only?: readonly string[] } & Partial<AccountOptions> = {},
): Promise<Accounts> {
  const { only = Object.keys(demoAccounts), seed = 'plumb', extraScopes = [] } = options
  const { clock = () => new Date() } = options
  const starters = only.map(starterOf)
  const running = await Promise.all(starters.map((start) => start({ seed, clock, extraScopes })))
  return {
    accounts: running.map(({ account }) => account),
    controls(provider) {
      const found = running.find(({ account }) => account.provider === provider)
      if (!found) throw new Error(`The account "${provider}" was not started. Name it in "only".`)
      return found.controls
    },
    reset: async () => void (await Promise.all(running.map((one) => one.reset()))),
    close: async () => void (await Promise.all(running.map((one) => one.close()))),
  }
}
