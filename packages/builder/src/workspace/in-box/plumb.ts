/* The `plumb` tool inside a box: forwards its words over the socket, prints the answer, exits with its code. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

/** Written at the head of the program when a workspace is opened. */
declare const plumbSocketPath: string

const maxFileBytes = 1_000_000

type Reply = { exitCode: number; output: unknown }

function fail(exitCode: number, output: { error: string; [key: string]: string }): never {
  process.stdout.write(`${JSON.stringify(output)}\n`)
  process.exit(exitCode)
}

function readNamedFile(path: string): string | null {
  let content: Buffer
  try {
    content = readFileSync(path === '-' ? 0 : path)
  } catch {
    return null
  }
  if (content.length > maxFileBytes)
    fail(64, { error: `"${path}" is larger than ${maxFileBytes} bytes.`, usage: 'plumb help' })
  return content.toString('utf8')
}

/** A word that starts with `@`, alone or after `--name=`, names a file; one that cannot be read is left to the other side. */
function namedFiles(args: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {}
  for (const arg of args) {
    const path = /^(?:--[a-z]+=)?@(.+)$/s.exec(arg)?.[1]
    const content = path === undefined ? null : readNamedFile(path)
    if (path !== undefined && content !== null) files[path] = content
  }
  return files
}

function parseReply(text: string): Reply {
  try {
    return JSON.parse(text) as Reply
  } catch {
    return fail(2, {
      error: 'Plumb closed the connection without an answer.',
      code: 'internal',
      remedy: 'Try once more. If it stays so, the attempt is over.',
    })
  }
}

const args = process.argv.slice(2)
const socket = connect(plumbSocketPath)
let text = ''
socket.setEncoding('utf8')
socket.on('data', (chunk: string) => (text += chunk))
socket.on('error', (error) =>
  fail(2, {
    error: `Plumb cannot be reached: ${error.message}`,
    code: 'internal',
    remedy: 'Try once more. If it stays so, the attempt is over.',
  }),
)
socket.on('end', () => {
  const { exitCode, output } = parseReply(text)
  process.exitCode = exitCode
  process.stdout.write(`${JSON.stringify(output)}\n`)
})
socket.end(JSON.stringify({ args, files: namedFiles(args) }))
