#!/usr/bin/env node
import { setMaxListeners } from 'node:events'
import { CommanderError } from 'commander'
import { loadOperations, operationNames } from '../operations/index.js'
import { listedCommands } from '../operations/listed-commands.js'
import type { Operation } from '../operations/operation.js'
import { plumbVersion } from '../plumb-version.js'
import { failureOf, wrongUsage } from './failure.js'
import { askYesOrNo, isInteractive } from './ask-yes-or-no.js'
import { calledOperations } from './called-operations.js'
import { createProgram, exitCodeOfCommander } from './program.js'
import { readSecret } from './read-secret.js'
import { plain, terminalOf } from './terminal.js'
import { unknownCommand } from './unknown-command.js'

const cancellation = new AbortController()
// Everything that runs at once listens to it; many listeners are no leak.
setMaxListeners(0, cancellation.signal)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second signal means now.
    if (cancellation.signal.aborted) process.exit(130)
    process.stderr.write('Stopping; what is finished is kept. Press again to stop at once.\n')
    cancellation.abort()
  })
}

// The reader of a pipe may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
// What is told on the way is not what was asked for: a server outlives whoever collects its lines.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const secretSource = {
  input: process.stdin,
  show: (text: string) => void process.stderr.write(text),
  signal: cancellation.signal,
}
const wantsJson = process.argv.includes('--json')
const words = process.argv.slice(2)
const operations = await loadOperations(calledOperations(words, operationNames))
const known = listedCommands.map((one) => operations.find(({ name }) => name === one.name) ?? one)
const program = createProgram(known, plumbVersion(), execute)
try {
  const typo = unknownCommand(words, operationNames)
  if (typo === null) await program.parseAsync(process.argv)
  else report(typo, wantsJson)
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = exitCodeOfCommander(error)
  if (wantsJson && process.exitCode !== 0) report(wrongUsage(error), true)
}

async function execute(operation: Operation, { json, ...values }: Record<string, unknown>) {
  try {
    const { readConfig } = await import('../config.js')
    const output = await operation.run(values, {
      config: await readConfig(),
      signal: cancellation.signal,
      progress: (line) => process.stderr.write(`${plain(line)}\n`),
      ...(json !== true && isInteractive() && { ask: askYesOrNo }),
      readSecret: (question) => readSecret(question, secretSource),
    })
    process.stdout.write(
      json
        ? `${JSON.stringify(await operation.json?.(output))}\n`
        : ensureNewline(await operation.text(output, await terminal())),
    )
    process.exitCode = operation.exitCode?.(output) ?? 0
  } catch (error) {
    // Ctrl-C goes to every program that was started, and what they say then is no defect.
    report(cancellation.signal.aborted ? cancellation.signal.reason : error, json === true)
  }
}

function report(error: unknown, json: boolean) {
  const { exitCode, ...failure } = failureOf(error)
  process.exitCode = exitCode
  if (program.opts<{ verbose?: boolean }>().verbose && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`)
  if (json) process.stdout.write(`${JSON.stringify({ error: failure })}\n`)
  else process.stderr.write(plain(`${failure.message}\n\n${failure.remedy}\n(${failure.docs})\n`))
}

async function terminal() {
  const { readEnvironment } = await import('../config.js')
  return terminalOf(process.stdout, readEnvironment())
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
