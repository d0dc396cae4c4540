import { addAbortSignal, Writable } from 'node:stream'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline/promises'
import { PlumbError } from '@plumb/protocol'
import { plain } from './terminal.js'

export type SecretSource = {
  readonly input: Readable & { readonly isTTY?: boolean }
  /** Shows the question. */
  readonly show: (text: string) => void
  readonly signal: AbortSignal
}

/** More than anything that is asked for here; whoever pipes a disk in is told early. */
const mostBytes = 1_000_000

/**
 * What a person types, which the terminal does not show, or what is piped in, without the line break at its end.
 * Throws PlumbErrors `usage` (nothing, or too much) and `cancelled`.
 */
export async function readSecret(question: string, source: SecretSource): Promise<string> {
  const typed = source.input.isTTY === true
  const secret = typed ? await ask(question, source) : await readPipe(source)
  if (secret !== '') return secret
  throw new PlumbError({
    code: 'usage',
    message: typed ? 'Nothing was typed.' : 'Standard input is empty.',
    remedy: 'Type it when asked, or pipe it in: `command < file`.',
  })
}

async function ask(question: string, { input, show, signal }: SecretSource): Promise<string> {
  const stop = new AbortController()
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  // The terminal tells these here as long as it is asked.
  terminal.once('SIGINT', () => stop.abort())
  terminal.once('close', () => stop.abort())
  show(`${plain(question)} (not shown): `)
  try {
    return await terminal.question('', { signal: AbortSignal.any([signal, stop.signal]) })
  } finally {
    terminal.close()
    show('\n')
  }
}

async function readPipe({ input, signal }: SecretSource): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of addAbortSignal(signal, input) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) throw tooMuch()
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

function tooMuch(): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: `Standard input holds more than ${mostBytes} bytes.`,
    remedy: 'Pipe the secret alone in.',
  })
}
