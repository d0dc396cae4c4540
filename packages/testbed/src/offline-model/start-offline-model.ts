import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Player } from './conversation/conversation.js'
import { answerChat } from './endpoint/answer-chat.js'
import { chatRequestSchema } from './endpoint/chat-request.js'
import { completionBody, completionEvents } from './endpoint/completion.js'
import { defaultPlayers } from './players.js'

export type OfflineModelOptions = {
  /** Default: any free port. */
  readonly port?: number
  /** Players by model name, beside the default ones. */
  readonly players?: Readonly<Record<string, Player>>
  /** Default: a random key. */
  readonly apiKey?: string
  readonly now?: () => Date
}

export type OfflineModel = {
  /** Base URL of the OpenAI-compatible endpoint, on loopback: `http://127.0.0.1:PORT/v1`. */
  readonly url: string
  readonly apiKey: string
  /** The model to ask for when nothing else is wanted. */
  readonly model: 'builder'
  /** What the model is, for everything that shows its name. */
  readonly label: string
  /** Chat requests answered so far. */
  readonly requests: number
  close(): Promise<void>
}

const label = 'offline model: rules, no LLM'
const maxBodyBytes = 32 * 1024 * 1024

/**
 * Starts a local OpenAI-compatible endpoint that is a program, not a language model. It keeps nothing between requests:
 * every turn follows from the messages it is sent. Rejects with the socket's error when the port is taken.
 */
export async function startOfflineModel(o: OfflineModelOptions = {}): Promise<OfflineModel> {
  const players = { ...defaultPlayers, ...o.players }
  const apiKey = o.apiKey ?? `offline-${randomBytes(16).toString('hex')}`
  const now = o.now ?? (() => new Date())
  let requests = 0
  const server = createServer((request, response) => {
    const desk = { players, apiKey, now, answered: () => (requests += 1) }
    handle(desk, request, response).catch((error: unknown) => fail(response, 500, String(error)))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(o.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    apiKey,
    model: 'builder',
    label,
    get requests() {
      return requests
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Desk = {
  readonly players: Readonly<Record<string, Player>>
  readonly apiKey: string
  readonly now: () => Date
  readonly answered: () => void
}

async function handle(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (!isAuthorised(request, desk.apiKey)) return fail(response, 401, 'Wrong or missing API key.')
  if (request.method === 'GET' && path === '/v1/models') return listModels(desk, response)
  if (request.method === 'POST' && path === '/v1/chat/completions')
    return chat(desk, request, response)
  fail(response, 404, `There is no ${request.method ?? ''} ${path} here.`)
}

function isAuthorised(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${apiKey}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function listModels({ players, now }: Desk, response: ServerResponse): void {
  const created = Math.floor(now().getTime() / 1_000)
  const data = Object.keys(players).map((id) => ({ id, object: 'model', created, owned_by: label }))
  send(response, 200, { object: 'list', data })
}

async function chat(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(request)
  if (text === null) return fail(response, 413, `A request may have ${maxBodyBytes} bytes.`)
  const parsed = chatRequestSchema.safeParse(parseJson(text))
  if (!parsed.success) return fail(response, 400, parsed.error.message)
  const { model, stream } = parsed.data
  const player = Object.hasOwn(desk.players, model) ? desk.players[model] : undefined
  if (player === undefined) return fail(response, 404, `There is no model "${model}" here.`)
  const completion = answerChat(parsed.data, text, { player, now: desk.now })
  desk.answered()
  if (!stream) return send(response, 200, completionBody(completion))
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  for (const event of completionEvents(completion)) response.write(event)
  response.end()
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function fail(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy()
  send(response, status, { error: { message, type: 'invalid_request_error', code: status } })
}
