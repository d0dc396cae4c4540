import { boxExitCodes, PlumbError } from '@plumb/protocol'
import type { BoxReply, BoxRequest, TraceEventBody } from '@plumb/protocol'
import type { BoxActions } from './box-actions.js'
import { boundJson } from './bounded-json.js'
import { boxHelp, boxVerbs } from './box-verbs.js'
import type { BoxVerb } from './box-verbs.js'
import { nearestVerb } from './nearest-verb.js'
import { parseArguments } from './parse-arguments.js'

export type PlumbCalled = Extract<TraceEventBody, { kind: 'plumb-called' }>

export type BoxAnswer = {
  readonly reply: BoxReply
  readonly verb: string
  readonly known: boolean
}

/** Keeps an answer below what a harness would cut off by itself, in bytes of JSON. */
const maxOutputBytes = 48_000
const helpWords = new Set(['help', '--help', '-h'])
const verbNames = [...boxVerbs.map(({ name }) => name), 'help']

function findVerb(args: readonly string[]): { verb: BoxVerb; rest: readonly string[] } | null {
  const verb = boxVerbs.find(({ name }) =>
    name.split(' ').every((word, index) => word === args[index]),
  )
  return verb === undefined ? null : { verb, rest: args.slice(verb.name.split(' ').length) }
}

function unknownVerb(args: readonly string[]): BoxAnswer {
  const typed = args.slice(0, 2).join(' ').slice(0, 100)
  const didYouMean = `plumb ${nearestVerb(args, verbNames)}`
  const output = { error: `"plumb ${typed}" is not a command.`, didYouMean }
  return { reply: { exitCode: boxExitCodes.unknownVerb, output }, verb: typed, known: false }
}

function failure(error: unknown): BoxReply {
  if (error instanceof PlumbError) {
    const { message, code, remedy } = error
    const exitCode = code === 'internal' ? boxExitCodes.internal : boxExitCodes.failed
    return { exitCode, output: { error: message, code, remedy } }
  }
  const message = error instanceof Error ? error.message : String(error)
  const remedy =
    'This is a fault of Plumb, not of your function. Try once more, then go on without.'
  return { exitCode: boxExitCodes.internal, output: { error: message, code: 'internal', remedy } }
}

async function runVerb(
  verb: BoxVerb,
  call: { rest: readonly string[]; files: BoxRequest['files'] },
  { actions, signal }: { actions: BoxActions; signal: AbortSignal },
): Promise<BoxReply> {
  if (call.rest.some((word) => word === '--help' || word === '-h')) {
    const { usage, summary, example } = verb
    return { exitCode: boxExitCodes.ok, output: { usage, summary, example } }
  }
  const parsed = parseArguments(call.rest, verb.rules, call.files)
  if (parsed.kind === 'wrong') {
    const output = { error: parsed.message, usage: verb.usage, example: verb.example }
    return { exitCode: boxExitCodes.usage, output }
  }
  try {
    const { exitCode, output } = await verb.run({ actions, arguments: parsed.arguments, signal })
    return { exitCode, output: boundJson(output, maxOutputBytes) as typeof output }
  } catch (error) {
    return failure(error)
  }
}

/** Answers one call of the `plumb` tool; every failure becomes JSON and an exit code, none is thrown. */
export async function answerBoxRequest(
  { args, files }: BoxRequest,
  context: { actions: BoxActions; signal: AbortSignal },
): Promise<BoxAnswer> {
  if (args[0] === undefined || helpWords.has(args[0]))
    return {
      reply: { exitCode: boxExitCodes.ok, output: boxHelp as BoxReply['output'] },
      verb: 'help',
      known: true,
    }
  const found = findVerb(args)
  if (found === null) return unknownVerb(args)
  const { verb, rest } = found
  const reply = await runVerb(verb, { rest, files }, context)
  return { reply, verb: verb.name, known: true }
}
