import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import type { TestAccount } from '@plumb/testbed/accounts'

export type DemoAccounts = {
  readonly accounts: readonly TestAccount[]
  close(): Promise<void>
}

const program = fileURLToPath(import.meta.resolve('@plumb/testbed/accounts/main'))

/** Starts the emulated accounts in a process of their own, as a real provider would be, and ends it on close. */
export async function startDemoAccounts(only?: readonly string[]): Promise<DemoAccounts> {
  const child = spawn(process.execPath, [program, ...(only ?? [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void ended.then(() => reject(notStarted()))
  })
  const { accounts } = JSON.parse(await firstLine) as { accounts: TestAccount[] }
  return {
    accounts,
    close: async () => {
      // The accounts end when their input does, also when this process is killed.
      child.stdin.end()
      await ended
    },
  }
}

function notStarted(): PlumbError {
  return new PlumbError({
    code: 'internal',
    message:
      'The emulated accounts of the demo ended before they were ready; their output is above.',
    remedy: 'Run `npm run build`, then the demo again.',
  })
}
