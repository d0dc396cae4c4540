import type { Operation } from '../api/operation.js'
import { textOf } from '../api/schema.js'
import type { Conversation } from '../conversation/conversation.js'
import type { Play } from '../conversation/play-from-start.js'
import { playFromStart } from '../conversation/play-from-start.js'
import { calledOperations } from './called-operations.js'
import { checkUntilGood } from './check-function.js'
import { chooseOperations, proposalOf } from './choose-operation.js'
import type { Proposal } from './choose-operation.js'
import { planFunction } from './function-plan.js'
import type { GivenUp, Outcome } from './outcome.js'
import { givenUp, nameOfOperation } from './outcome.js'
import { prepare } from './prepare.js'
import { runUntilGood } from './run-function.js'
import { startAttempt } from './attempt.js'
import { readTask } from './task.js'
import { AccessGone, OutOfTurns, Toolbox } from './toolbox.js'
import { openWork } from './work.js'
import type { Work } from './work.js'

/** Works like an engineer with the `plumb` tool: understand, prepare, run, repair, check, hand in, or say why not. */
export const builderPlayer = playFromStart(build)

function* build(conversation: Conversation): Play<string> {
  const tools = new Toolbox(conversation)
  try {
    const task = yield* readTask(tools)
    if (task === null)
      return 'This folder holds no interaction.json that says what to build. Nothing was done.'
    const work = yield* openWork(tools, task)
    return yield* finish(work, yield* buildFunction(work))
  } catch (error) {
    if (error instanceof AccessGone)
      return `The account lacks access, so nothing was handed in. ${error.message}`
    if (error instanceof OutOfTurns) return yield* giveUp(tools, givenUp(error.message))
    throw error
  }
}

const maxOperations = 3

function* buildFunction(work: Work): Play<Outcome> {
  const draft = yield* work.tools.plumb(['draft'], 'See what the draft rests on.')
  const proposal = proposalOf(draft)
  const operations = yield* chooseOperations(work, proposal)
  let first: GivenUp | null = null
  for (const operation of operations.slice(0, maxOperations)) {
    const outcome = yield* buildOn(work, operation, proposal)
    if (outcome.kind === 'working' || outcome.reason === 'access') return outcome
    first ??= outcome
  }
  return first ?? givenUp(`No operation of this API does what "${work.task.description}" asks.`)
}

/** Builds on one operation: its draft, its test data, its runs, its checks. */
function* buildOn(work: Work, operation: Operation, proposal: Proposal): Play<Outcome> {
  const source = yield* sourceFor(work, operation, proposal)
  if (source === null) return givenUp(`There is no draft for ${nameOfOperation(operation)}.`)
  const plan = planFunction(work, operation, source)
  const prepared = yield* prepare(work, plan)
  if (prepared.missing !== null) return nothingFor(work, operation, prepared.missing)
  const attempt = startAttempt(plan, prepared.values)
  const failed = (yield* runUntilGood(work, attempt)) ?? (yield* checkUntilGood(work, attempt))
  if (failed !== null) return failed
  const called = calledOperations(attempt.calls, work.catalogue)
  const operations = called.length > 0 ? called : [operation.id]
  return { kind: 'working', operations, calls: attempt.calls }
}

function* sourceFor(work: Work, operation: Operation, proposal: Proposal): Play<string | null> {
  const isProposed = operation.id === proposal.operation
  if (isProposed && proposal.source.trim() === work.task.source.trim()) return proposal.source
  const kind = ['--kind', work.task.kind]
  const draft = isProposed
    ? null
    : yield* work.tools.plumb(
        ['draft', '--operation', operation.id, ...kind],
        `Draft it with ${operation.id}.`,
      )
  const source = draft === null ? proposal.source : textOf(draft['source'])
  if (source === '' || /type: 'not_implemented'/.test(source)) return null
  yield* work.tools.write('function.ts', source)
  return source
}

function nothingFor({ receipts }: Work, operation: Operation, missing: string): GivenUp {
  const tried = receipts.slice(-6)
  const calls = tried.map(({ call, status }) => `${call}: ${status}`).join('; ')
  const said =
    calls === '' ? 'The API description shows no way to list or create one.' : `Tried: ${calls}.`
  const detail = `${nameOfOperation(operation)} needs "${missing}", and no usable one was found or could be created. ${said}`
  return givenUp(
    detail,
    tried.map(({ id }) => id),
  )
}

function* finish(work: Work, outcome: Outcome): Play<string> {
  if (outcome.kind === 'given-up') return yield* giveUp(work.tools, outcome)
  const options = outcome.operations.flatMap((id) => ['--operation', id])
  const answer = yield* work.tools.plumb(['submit', ...options], 'Hand it in.')
  if (answer['submitted'] !== true)
    return yield* giveUp(
      work.tools,
      givenUp(`The submission was refused: ${textOf(answer['error'])}`),
    )
  const shown = outcome.calls
    .slice(-3)
    .map(
      ({ method, path, status, receiptId }) =>
        `${method} ${path} was answered with ${status ?? 'nothing'} (receipt ${receiptId ?? 'none'})`,
    )
  return [
    `Handed in function.ts for ${work.task.id}, built on ${outcome.operations.join(', ')}.`,
    `In the last dry runs, ${shown.join('; ')}.`,
    '(offline model: rules, no LLM)',
  ].join('\n')
}

function* giveUp(tools: Toolbox, { reason, detail, receipts }: GivenUp): Play<string> {
  const proof = [...new Set(receipts)].slice(-6).flatMap((id) => ['--receipt', id])
  yield* tools.plumb(
    ['blocked', '--reason', reason, '--detail', detail.slice(0, 1_500), ...proof],
    'Say that it cannot be done, and why.',
  )
  return `Nothing was handed in: ${detail}`
}
