#!/usr/bin/env node
import { startAccounts } from './start-accounts.js'

/**
 * Starts the accounts named as arguments (all of the demo's without arguments), prints one line of
 * JSON when they are ready, and closes them on SIGTERM, SIGINT or the end of standard input.
 */
const only = process.argv.slice(2)
const accounts = await startAccounts(only.length > 0 ? { only } : {})
process.stdout.write(`${JSON.stringify({ accounts: accounts.accounts })}\n`)

await new Promise<void>((resolve) => {
  process.once('SIGTERM', resolve)
  process.once('SIGINT', resolve)
  process.stdin.once('end', resolve).resume()
})
process.stdin.destroy()
await accounts.close()
