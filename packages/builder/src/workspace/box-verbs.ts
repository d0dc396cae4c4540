import { boxExitCodes } from '@plumb/protocol'
import type { BoxReply, Json, JsonObject } from '@plumb/protocol'
import type { AccessLost, BoxActions } from './box-actions.js'
import type { ArgumentRules, OptionValue, ParsedArguments } from './parse-arguments.js'

export type VerbCall = {
  readonly actions: BoxActions
  readonly arguments: ParsedArguments
  readonly signal: AbortSignal
}

export type BoxVerb = {
  /** One or two words. */
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly example: string
  readonly rules: ArgumentRules
  readonly run: (call: VerbCall) => Promise<BoxReply>
}

/** The protocol's types are readonly and made of JSON only; this says so to the compiler. */
const asJson = (value: unknown): Json => value as Json

const reply = (exitCode: number, output: unknown): BoxReply =>
  ({ exitCode, output: asJson(output) }) as BoxReply

const ok = (output: unknown): BoxReply => reply(boxExitCodes.ok, output)

const lost = ({ message, remedy }: AccessLost): BoxReply =>
  reply(boxExitCodes.blocked, { error: message, blocked: true, remedy })

const first = ({ options }: ParsedArguments, name: string): OptionValue | undefined =>
  options.get(name)?.[0]

const texts = ({ options }: ParsedArguments, name: string): string[] =>
  (options.get(name) ?? []).map(String)

const pairs = ({ options }: ParsedArguments, name: string) =>
  (options.get(name) ?? []) as readonly (readonly [string, string])[]

const objectOrNull = (parsed: ParsedArguments, name: string): JsonObject | null =>
  (first(parsed, name) as JsonObject | undefined) ?? null

const textOrNull = (parsed: ParsedArguments, name: string): string | null =>
  (first(parsed, name) as string | undefined) ?? null

async function request({ actions, arguments: parsed, signal }: VerbCall): Promise<BoxReply> {
  const [method = '', endpoint = ''] = parsed.words
  const answer = await actions.request(
    {
      method: method.toUpperCase(),
      endpoint,
      query: pairs(parsed, 'query'),
      headers: Object.fromEntries(pairs(parsed, 'header')),
      body: first(parsed, 'body'),
    },
    signal,
  )
  if (answer.kind === 'access-lost') return lost(answer)
  const { kind, ...rest } = answer
  if (kind === 'answered') return ok(rest)
  const { message, receiptId } = answer
  return reply(boxExitCodes.failed, { error: message, code: 'provider-unreachable', receiptId })
}

async function dryrun({ actions, arguments: parsed, signal }: VerbCall): Promise<BoxReply> {
  const result = await actions.dryrun(
    {
      input: first(parsed, 'input'),
      metadata: objectOrNull(parsed, 'metadata'),
      checkpoint: objectOrNull(parsed, 'checkpoint'),
    },
    signal,
  )
  if ('kind' in result) return lost(result)
  return reply(result.ok ? boxExitCodes.ok : boxExitCodes.failed, result)
}

async function submit({ actions, arguments: parsed, signal }: VerbCall): Promise<BoxReply> {
  const result = await actions.submit(texts(parsed, 'operation'), signal)
  return result.kind === 'submitted'
    ? ok({ submitted: true, hash: result.hash })
    : reply(boxExitCodes.failed, {
        error: result.reason,
        code: 'submission-invalid',
        remedy: result.remedy,
      })
}

const noWords = { min: 0, max: 0 }

/** Every verb of the `plumb` tool but `help`, which is made from this table. */
export const boxVerbs: readonly BoxVerb[] = [
  {
    name: 'docs search',
    usage: 'plumb docs search <words...> [--limit n]',
    summary: 'Finds operations of the API; without words it lists all.',
    example: 'plumb docs search create event',
    rules: { words: { min: 0, max: 20 }, options: { limit: { type: 'integer' } } },
    run: async ({ actions, arguments: parsed, signal }) => {
      const limit = (first(parsed, 'limit') as number | undefined) ?? 20
      return ok(await actions.searchDocs({ words: parsed.words, limit }, signal))
    },
  },
  {
    name: 'docs show',
    usage: 'plumb docs show <operationId>',
    summary: 'Shows one operation in full: parameters, body, answers, paging.',
    example: 'plumb docs show calendar.events.insert',
    rules: { words: { min: 1, max: 2 }, options: {} },
    run: async ({ actions, arguments: parsed, signal }) =>
      ok({ operation: await actions.showDoc(parsed.words.join(' '), signal) }),
  },
  {
    name: 'request',
    usage:
      'plumb request <METHOD> <endpoint> [--query k=v]... [--header k=v]... [--body JSON|@file]',
    summary: 'Calls the real API with the test account. Any answer of the API is exit code 0.',
    example: 'plumb request GET /items --query limit=5',
    rules: {
      words: { min: 2, max: 2 },
      options: {
        query: { type: 'pair', repeated: true },
        header: { type: 'pair', repeated: true },
        body: { type: 'json' },
      },
    },
    run: request,
  },
  {
    name: 'draft',
    usage: 'plumb draft [--operation id] [--kind action|sync]',
    summary: 'Prints a draft made from the API description; it writes no file.',
    example: 'plumb draft --operation items.list --kind sync',
    rules: {
      words: noWords,
      options: {
        operation: { type: 'text' },
        kind: { type: 'text', choices: ['action', 'sync'] },
      },
    },
    run: async ({ actions, arguments: parsed, signal }) =>
      ok(
        await actions.draft(
          {
            operationId: textOrNull(parsed, 'operation'),
            kind: textOrNull(parsed, 'kind') as 'action' | 'sync' | null,
          },
          signal,
        ),
      ),
  },
  {
    name: 'dryrun',
    usage: 'plumb dryrun [--input JSON|@file] [--metadata JSON|@file] [--checkpoint JSON|@file]',
    summary: 'Runs function.ts against the real API. Exit code 1 when the run failed.',
    example: `plumb dryrun --input '{"id":"42"}'`,
    rules: {
      words: noWords,
      options: {
        input: { type: 'json' },
        metadata: { type: 'json-object' },
        checkpoint: { type: 'json-object' },
      },
    },
    run: dryrun,
  },
  {
    name: 'check',
    usage: 'plumb check',
    summary: 'Types, lint rules and evidence of the current function.ts. Exit code 1 on findings.',
    example: 'plumb check',
    rules: { words: noWords, options: {} },
    run: async ({ actions, signal }) => {
      const result = await actions.check(signal)
      return reply(result.ok ? boxExitCodes.ok : boxExitCodes.failed, result)
    },
  },
  {
    name: 'submit',
    usage: 'plumb submit --operation id [--operation id]...',
    summary: 'Hands in function.ts with the operations it calls; needs a passed check.',
    example: 'plumb submit --operation items.create',
    rules: {
      words: noWords,
      options: { operation: { type: 'text', repeated: true, required: true } },
    },
    run: submit,
  },
  {
    name: 'blocked',
    usage: 'plumb blocked --reason access|not-possible --detail "..." [--receipt id]...',
    summary: 'Ends the work honestly when the account or the API does not allow it.',
    example: 'plumb blocked --reason access --detail "403: scope missing" --receipt rcp_1',
    rules: {
      words: noWords,
      options: {
        reason: { type: 'text', required: true, choices: ['access', 'not-possible'] },
        detail: { type: 'text', required: true },
        receipt: { type: 'text', repeated: true },
      },
    },
    run: async ({ actions, arguments: parsed, signal }) => {
      await actions.blocked(
        {
          reason: textOrNull(parsed, 'reason') as 'access' | 'not-possible',
          detail: textOrNull(parsed, 'detail') ?? '',
          receiptIds: texts(parsed, 'receipt'),
        },
        signal,
      )
      return ok({ recorded: true })
    },
  },
]

/** What `plumb help` prints. */
export const boxHelp: Json = {
  commands: boxVerbs.map(({ usage, summary, example }) => ({ usage, summary, example })),
  output: 'One JSON value on stdout. @file reads a file of this folder.',
  exitCodes: {
    '0': 'done',
    '1': 'the answer is no (failed dry run, findings, refused submission, API not reached)',
    '2': 'Plumb itself failed',
    '64': 'wrong command or arguments',
    '77': 'the account lacks access: stop',
  },
}
