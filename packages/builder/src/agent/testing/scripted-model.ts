import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ModelMessage = { readonly role: string; readonly content: unknown }

/** What the scripted model does next: call a tool, say something and stop, or misbehave. */
export type ModelTurn =
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly say: string }
  | { readonly status: number }
  | { readonly hang: true }

export type ScriptedModel = {
  readonly url: string
  readonly apiKey: string
  readonly model: string
  /** Every list of messages that was sent, in order. */
  readonly requests: readonly (readonly ModelMessage[])[]
  close(): Promise<void>
}

async function readBody(
  request: IncomingMessage,
): Promise<{ model: string; messages: ModelMessage[] }> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as never
}

function chunks(turn: Extract<ModelTurn, { tool: string } | { say: string }>, number: number) {
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 }
  const piece = (delta: object, finish_reason: string | null = null) => ({
    id: `answer-${number}`,
    object: 'chat.completion.chunk',
    created: 0,
    model: 'scripted',
    choices: [{ index: 0, delta, finish_reason }],
  })
  if ('say' in turn)
    return [piece({ role: 'assistant', content: turn.say }), { ...piece({}, 'stop'), usage }]
  const call = {
    index: 0,
    id: `call-${number}`,
    type: 'function',
    function: { name: turn.tool, arguments: JSON.stringify(turn.input) },
  }
  return [piece({ role: 'assistant', tool_calls: [call] }), { ...piece({}, 'tool_calls'), usage }]
}

function send(response: ServerResponse, turn: ModelTurn, number: number): void {
  if ('status' in turn) {
    const error = { error: { message: `scripted status ${turn.status}` } }
    response.writeHead(turn.status, { 'content-type': 'application/json', 'retry-after': '0' })
    return void response.end(JSON.stringify(error))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if ('hang' in turn) return response.flushHeaders()
  for (const chunk of chunks(turn, number)) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  response.end('data: [DONE]\n\n')
}

/** An OpenAI-compatible endpoint that answers with what `script` returns for the messages it was sent. */
export async function startScriptedModel(
  script: (messages: readonly ModelMessage[]) => ModelTurn,
): Promise<ScriptedModel> {
  const requests: ModelMessage[][] = []
  const server = createServer((request, response) => {
    void readBody(request).then(({ messages }) => {
      requests.push(messages)
      send(response, script(messages), requests.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const url = `http://127.0.0.1:${port}/v1`
  return { url, apiKey: 'scripted-secret-key', model: 'scripted', requests, close }
}

/** A script of fixed steps: the next one after as many tool answers as the conversation holds. */
export function steps(...turns: readonly ModelTurn[]) {
  return (messages: readonly ModelMessage[]): ModelTurn =>
    turns[messages.filter(({ role }) => role === 'tool').length] ?? { say: 'Done.' }
}
