/* Runs inside the OpenCode server: sends shell commands and file tools of a session into the box of its folder. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileTools } from './file-tool-schemas.js'

/** Replaced by the folder of launcher names when the plugin is bundled. */
declare const plumbBoxes: string

type ToolContext = { readonly abort: AbortSignal }
type ToolAnswer = { readonly output: string } | { readonly error: string }

/** The launcher registered for a folder, or null; the command never has a say in it. */
function launcherOf(directory: string): string | null {
  const name = createHash('sha256').update(directory).digest('hex')
  try {
    return readFileSync(join(plumbBoxes, name), 'utf8').trim()
  } catch {
    return null
  }
}

type BoxCall = { readonly launcher: string; readonly cwd: string; readonly signal: AbortSignal }

function runInBox({ launcher, ...options }: BoxCall, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, ['-c', 'exec plumb-files'], { env: {}, ...options })
    const out: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'))
      else
        reject(new Error(`The box ended with ${code}: ${Buffer.concat(errors).toString('utf8')}`))
    })
    child.stdin.end(request)
  })
}

const tool = (directory: string, name: string, description: string) => ({
  description,
  args: {},
  execute: async (input: Readonly<Record<string, unknown>>, context: ToolContext) => {
    const launcher = launcherOf(directory)
    if (launcher === null) throw new Error('This session has no box.')
    const text = await runInBox(
      { launcher, cwd: directory, signal: context.abort },
      JSON.stringify({ tool: name, input }),
    )
    const answer = JSON.parse(text) as ToolAnswer
    if ('error' in answer) throw new Error(answer.error)
    const path = input['filePath'] ?? input['path'] ?? ''
    return { title: typeof path === 'string' ? path : '', output: answer.output, metadata: {} }
  },
})

export const plumbBox = async ({ directory }: { readonly directory: string }) => ({
  'shell.env': async (_input: unknown, output: { env: Record<string, string> }) => {
    output.env['PLUMB_BOX_LAUNCHER'] = launcherOf(directory) ?? ''
  },
  // Arguments given with a tool are all required; here optional ones stay optional.
  'tool.definition': async (
    { toolID }: { readonly toolID: string },
    output: { jsonSchema?: unknown },
  ) => {
    const schema = Object.hasOwn(fileTools, toolID) ? fileTools[toolID]?.schema : undefined
    if (schema !== undefined) output.jsonSchema = schema
  },
  tool: Object.fromEntries(
    Object.entries(fileTools).map(([name, { description }]) => [
      name,
      tool(directory, name, description),
    ]),
  ),
})
