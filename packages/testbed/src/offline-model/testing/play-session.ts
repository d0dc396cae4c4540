import type { JsonObject } from '@plumb/protocol'
import type { OfflineModel } from '../start-offline-model.js'
import type { Bench } from './invented-tool.js'
import { runPlumb } from './invented-tool.js'

type Called = { id: string; function: { name: string; arguments: string } }
type Message = { role: string; content: string; tool_calls?: Called[]; tool_call_id?: string }

const maxTurns = 60

/** Plays a session over HTTP as a harness does: sends the whole conversation each turn and runs what is asked for. */
export async function playSession(
  models: OfflineModel | (() => OfflineModel),
  bench: Bench,
): Promise<string> {
  const model = typeof models === 'function' ? models : () => models
  const messages: Message[] = [{ role: 'user', content: 'Do the task.' }]
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const message = await ask(model(), messages)
    messages.push(message)
    const [call] = message.tool_calls ?? []
    if (call === undefined) return message.content
    const input = JSON.parse(call.function.arguments) as Record<string, string>
    const output =
      call.function.name === 'write' ? write(bench, input) : runShell(bench, input['command'] ?? '')
    messages.push({ role: 'tool', tool_call_id: call.id, content: output })
  }
  throw new Error(`The session did not end within ${maxTurns} turns.`)
}

async function ask({ url, apiKey }: OfflineModel, messages: readonly Message[]): Promise<Message> {
  const tools = ['bash', 'write'].map((name) => ({
    type: 'function',
    function: { name, parameters: {} },
  }))
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: 'builder', messages, tools }),
  })
  const answer = (await response.json()) as { choices: { message: Message }[] }
  const message = answer.choices[0]?.message
  if (message === undefined) throw new Error(JSON.stringify(answer))
  return message
}

function write({ files }: Bench, input: Readonly<Record<string, string>>): string {
  files.set(input['filePath'] ?? '', input['content'] ?? '')
  return 'Wrote it.'
}

function runShell(bench: Bench, command: string): string {
  if (!command.startsWith('plumb ')) return taskFiles(bench)
  const lines = commandsIn(command).map(([, ...args]) => JSON.stringify(runPlumb(bench, args)))
  return `${lines.join('\n')}\n`
}

function taskFiles({ interaction, files }: Bench): string {
  const told: JsonObject = { namespace: 'plumb-t1', kind: 'action', ...interaction }
  const parts = {
    'interaction.json': JSON.stringify(told, null, 2),
    'function.ts': files.get('function.ts') ?? '',
    'AGENTS.md': '# Task',
  }
  const sections = Object.entries(parts).map(
    ([name, content]) => `=== plumb-offline ${name}\n${content}\n`,
  )
  return ['2031-05-01T09:30:00Z\n', ...sections].join('')
}

/** Splits a shell line into commands and words; it knows plain words, single quotes and semicolons. */
function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]]
  for (const [token] of line.matchAll(/;|(?:'[^']*'|\\'|[^\s;'\\])+/g)) {
    if (token === ';') commands.push([])
    else
      commands
        .at(-1)
        ?.push(token.replaceAll(/'([^']*)'|\\'/g, (_, inner: string | undefined) => inner ?? "'"))
  }
  return commands
}
