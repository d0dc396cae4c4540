import type { AccountHandler } from './account-request.js'
import type { RunningAccount, TestAccount } from '../test-account.js'
import { createFaultSwitch } from './fault-switch.js'
import { startAccountServer } from './start-account-server.js'

export type TableAccount = {
  readonly handle: AccountHandler
  /** Empties the tables and fills them with the first data. */
  readonly seed: () => void
  readonly describe: (url: string) => TestAccount
}

/** Serves an account that keeps its data in tables and knows one fixed secret. */
export async function startTableAccount(options: TableAccount): Promise<RunningAccount> {
  const { handle, seed, describe } = options
  seed()
  const faults = createFaultSwitch()
  const server = await startAccountServer(handle, faults)
  return {
    account: describe(server.url),
    controls: { faults, tokens: null, requests: server.requests },
    async reset() {
      seed()
      faults.clear()
      server.forgetRequests()
    },
    close: () => server.close(),
  }
}
