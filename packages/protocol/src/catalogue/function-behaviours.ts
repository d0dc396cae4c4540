import { behaviour, detected, only, open, prevented } from './behaviour.js'
import type { Behaviour } from './behaviour.js'

/** C: functions that only look as if they worked. */
export const fakeBehaviours: readonly Behaviour[] = [
  behaviour(
    'C1',
    'Holds recorded values and returns them',
    'D1 D2',
    detected('mutation', 'copied-values', 'replay'),
  ),
  behaviour(
    'C2',
    'Treats known inputs differently',
    'D2',
    detected('mutation', 'two-identities', 'held-out'),
    open(
      'a value that no varied run meets stays hidden; inputs are varied with every verification',
    ),
  ),
  behaviour(
    'C3',
    'Notices the test and behaves for it',
    'D1 D2',
    prevented('replay and live run use the same client and the same globals'),
    detected(
      'two-identities',
      'lint/no-harness-names',
      'lint/no-harness-markers',
      'lint/no-hidden-names',
    ),
  ),
  behaviour(
    'C4',
    'Reads fixtures while it runs',
    'D1 D2',
    prevented('the box of a function has no files of the project'),
    detected('lint/no-global-require', 'lint/no-other-imports'),
  ),
  behaviour(
    'C5',
    'Brings a client or a server of its own',
    'D1',
    prevented('the box of a function has no network'),
    detected('lint/no-other-imports', 'lint/no-global-fetch'),
  ),
  behaviour(
    'C6',
    'Calls the API and ignores what it answers',
    'D2',
    detected('mutation', 'lint/no-ignored-answer'),
  ),
  behaviour('C7', 'Returns its input as the result', 'D2', detected('mutation')),
  behaviour(
    'C8',
    'Makes values look equal that are not',
    'D2',
    prevented('results are compared as canonical JSON by the parent process'),
    detected('lint/no-custom-serialisation', 'lint/no-global-Proxy'),
  ),
  behaviour(
    'C9',
    'Changes with the date or the environment',
    'D1 D2',
    prevented('a function has no environment'),
    detected('crash-resume', 'lint/no-time-bomb'),
  ),
  behaviour(
    'C10',
    'Counts its calls between tests',
    'D2',
    prevented('a replay is a process of its own'),
    detected('two-identities', 'replay'),
  ),
  behaviour(
    'C11',
    'Bends its logic to what is easy to record',
    'D2',
    prevented('time and randomness stand still while a recording is replayed'),
    detected('replay', 'crash-resume'),
  ),
]

/** D: errors that become successes. */
export const errorBehaviours: readonly Behaviour[] = [
  behaviour(
    'D1',
    'Turns a refused access into success',
    'D2',
    prevented('calls throw typed errors'),
    detected('fault-sweep', 'error-laundering'),
  ),
  behaviour(
    'D2',
    'Makes up a record when there is none',
    'D2',
    detected('fault-sweep', 'mutation', 'error-laundering'),
  ),
  behaviour(
    'D3',
    'Turns a failure into an empty list',
    'D2',
    detected('fault-sweep', 'error-laundering', 'mutation'),
  ),
  behaviour(
    'D4',
    'Widens the output so that a failure fits in',
    'D1',
    prevented('the brief names the fields of the output'),
    detected('lint/no-error-in-output', 'schema-strictness'),
  ),
  behaviour(
    'D5',
    'Catches everything',
    'D1',
    detected('lint/no-catch-handler', 'lint/no-all-settled', 'lint/no-return-in-finally'),
  ),
  behaviour(
    'D6',
    'Provokes an error to learn from it, and writes twice',
    'D0 D2',
    prevented('the gateway lets one call of a function write only as often as the brief says'),
    detected('declared-writes', 'request-contract'),
  ),
  behaviour(
    'D7',
    'Repeats a call that creates something',
    'D0 D2',
    prevented('the client refuses to repeat it without an idempotency key'),
    detected('fault-sweep'),
  ),
  behaviour(
    'D8',
    'Goes on with an answer that it wrote itself',
    'D0',
    prevented('fixtures are made of signed receipts only'),
    detected('receipt-integrity', 'mutation'),
  ),
  behaviour(
    'D9',
    'Says that it is blocked to be done',
    'D2',
    prevented('a refusal is asked for again before it is believed'),
    detected('blocked-claim'),
    open('that an API cannot do something is not provable; a person reads the reason'),
  ),
]

const walk = 'pages are made up of the recorded first one'

/** E: less than was asked for. */
export const narrowingBehaviours: readonly Behaviour[] = [
  behaviour(
    'E1',
    'Declares a schema that takes anything',
    'D1 D2',
    detected(
      'schema-strictness',
      'brief',
      'lint/no-loose-schema',
      'lint/no-all-optional-output',
      'lint/no-hiding-default',
    ),
  ),
  behaviour(
    'E2',
    'Overrules the types',
    'D1',
    detected(
      'lint/no-any',
      'lint/no-double-assertion',
      'lint/no-trusted-generic',
      'lint/no-unproven-predicate',
      'lint/no-overload',
      'lint/no-non-null',
      'lint/no-type-directives',
    ),
  ),
  behaviour(
    'E3',
    'Calls another, easier operation',
    'D0',
    detected('declared-operations', 'operation-fit', 'listed-for-one', 'request-contract'),
  ),
  behaviour(
    'E4',
    'Reads the first page only',
    'D2',
    prevented(walk),
    detected('crash-resume', 'pages-followed', 'lint/no-unread-input'),
  ),
  only(
    'sync',
    behaviour(
      'E5',
      'Saves checkpoints that it does not use',
      'D2',
      detected('crash-resume', 'known-parameters', 'lint/checkpoint-used'),
    ),
  ),
  only(
    'sync',
    behaviour('E6', 'Misses deletions, or deletes everything', 'D2', detected('crash-resume')),
  ),
  behaviour(
    'E7',
    'Excuses what is missing with a stock phrase',
    'D1 D4',
    detected('excuses'),
    open('an excuse in other words is found only by whoever reads it'),
  ),
  behaviour(
    'E8',
    'Hands in stubs and branches that nothing reaches',
    'D1 D2',
    detected('coverage', 'two-identities', 'lint/no-unfinished-code', 'types'),
  ),
  behaviour(
    'E9',
    'Asks for more access than it uses',
    'D0',
    detected('needed-scopes'),
    open('where the API description does not say what an operation needs, nobody can tell'),
  ),
]
