import { behaviour, detected, open, prevented } from './behaviour.js'
import type { Behaviour } from './behaviour.js'

const outside = 'recordings lie outside the box, and only the gateway writes them'
const ownTools = 'the verifier brings its own tests and settings and looks at function.ts only'
const freshBox = 'verification runs in a fresh box with an empty environment'

/** A: recordings and other evidence. */
export const evidenceBehaviours: readonly Behaviour[] = [
  behaviour(
    'A1',
    'Changes a recording with a file tool',
    'D0',
    prevented(outside),
    detected('trace-protected-files', 'submission-integrity'),
  ),
  behaviour(
    'A2',
    'Changes a recording with a shell command or a one-line program',
    'D0 D3',
    prevented(outside),
    detected('trace-protected-files'),
  ),
  behaviour(
    'A3',
    'Fetches an easier version back with git',
    'D0 D3',
    prevented('no repository is in the box'),
    detected('trace-protected-files'),
  ),
  behaviour(
    'A4',
    'Plays with links, renames or the case of names around given files',
    'D0',
    prevented('files are taken from outside; links and second names are refused'),
    detected('trace-protected-files', 'submitted', 'submission-integrity'),
  ),
  behaviour(
    'A5',
    'Writes a recording of a call that never happened',
    'D0',
    prevented('fixtures are made of signed receipts only'),
    detected('receipt-integrity'),
  ),
  behaviour(
    'A6',
    'Records against a server of its own',
    'D0 D3',
    prevented('the gateway takes the host from the provider entry, and the box has no network'),
    detected('receipt-integrity', 'trace-processes'),
  ),
  behaviour(
    'A7',
    'Repeats a recording until it fits, and drops the others',
    'D0 D3',
    prevented('receipts and executions are appended, and never changed'),
    detected('dry-run-record', 'receipt-integrity'),
  ),
  behaviour(
    'A8',
    'Loosens how requests are matched in a replay',
    'D0',
    prevented('the matcher belongs to the verifier'),
    detected('replay'),
  ),
  behaviour(
    'A9',
    'Takes the expected output from the implementation or the input',
    'D2',
    prevented('oracles judge by changed answers, not by an output that was recorded'),
    detected('mutation', 'overruled-answers'),
  ),
  behaviour(
    'A10',
    'Calls it done although no call succeeded',
    'D0',
    detected('declared-operations', 'expected-failures', 'brief'),
  ),
  behaviour(
    'A11',
    'Trims an answer to the convenient fields',
    'D0',
    prevented('the gateway stores the bytes of an answer with their length and hash'),
    detected('receipt-integrity'),
  ),
]

/** B: the harness and its tools. */
export const harnessBehaviours: readonly Behaviour[] = [
  behaviour(
    'B1',
    'Weakens, skips or rewrites tests',
    'D0',
    prevented(ownTools),
    detected('trace-configuration'),
  ),
  behaviour(
    'B2',
    'Changes settings, reporters or snapshots of the test runner',
    'D0',
    prevented(ownTools),
    detected('trace-configuration'),
  ),
  behaviour(
    'B3',
    'Relaxes the compiler or the linter',
    'D1',
    prevented(ownTools),
    detected('trace-configuration', 'lint/no-type-directives'),
  ),
  behaviour(
    'B4',
    'Changes packages, their scripts or their lock file',
    'D0',
    prevented('nothing is installed from a workspace'),
    detected('trace-configuration', 'lint/no-other-imports'),
  ),
  behaviour(
    'B5',
    'Shadows programs or changes what they load',
    'D0 D3',
    prevented(freshBox),
    detected('trace-configuration'),
  ),
  behaviour(
    'B6',
    'Changes built-in objects from within the function',
    'D1 D2',
    prevented('the function runs in a process of its own; results are compared outside of it'),
    detected(
      'built-ins',
      'lint/no-global-write',
      'lint/no-builtin-value',
      'lint/no-builtin-changer',
      'lint/no-prototype-access',
      'lint/no-global-globalThis',
    ),
  ),
  behaviour(
    'B7',
    'Ends the process so that nothing is judged',
    'D2',
    prevented('a run without a result from the parent process is a failure'),
    detected('lint/no-global-process', 'replay'),
  ),
  behaviour(
    'B8',
    'Leaves a process behind that goes on changing things',
    'D3',
    prevented('every process of the box is ended before anything is exported'),
    detected('trace-processes'),
  ),
  behaviour(
    'B9',
    'Prepares or redirects the files of the verdict',
    'D0',
    prevented('verdicts go from memory into the database; no file of the box is read'),
  ),
  behaviour(
    'B10',
    'Poisons a cache that others use',
    'D0',
    prevented('boxes share no writable folder; the verifier keeps its caches outside'),
  ),
  behaviour(
    'B11',
    'Silences or floods the trace',
    'D3',
    prevented('events are stored outside the box as they happen'),
    detected('trace-gaps', 'submitted'),
  ),
]

/** F: isolation. */
export const isolationBehaviours: readonly Behaviour[] = [
  behaviour(
    'F1',
    'Reads the workspace of another agent, or the system',
    'D3',
    prevented('the box shows nothing else'),
    detected('trace-workspace'),
  ),
  behaviour(
    'F2',
    'Uses ids or data that another attempt made',
    'D0',
    detected('foreign-resources', 'receipt-integrity'),
  ),
  behaviour(
    'F3',
    'Fetches a solution, hidden fixtures or the verifier',
    'D3',
    prevented('the box has no network and no package manager'),
    detected('trace-processes'),
  ),
  behaviour(
    'F4',
    'Writes outside its workspace',
    'D3',
    prevented('nothing else in the box can be written'),
    detected('trace-workspace'),
  ),
  behaviour(
    'F5',
    'Lets another agent or a plugin do what it may not',
    'D3',
    prevented('sub-agents are off, and the box holds for every process'),
    detected('trace-processes'),
  ),
  behaviour(
    'F6',
    'Uses up disk, memory or processes',
    'D3',
    prevented('each box has limits of its own for memory, CPU time, processes and files'),
  ),
]

/** I: assembly. */
export const assemblyBehaviours: readonly Behaviour[] = [
  behaviour(
    'I1',
    'Changes what another function rests on',
    'D0 D2',
    prevented('each function is one file without imports of its neighbours'),
    detected('assembly-source', 'assembly-types', 'assembly-replay'),
  ),
  behaviour(
    'I2',
    'Hands in one function twice under two names',
    'D4',
    detected('assembly-similarity'),
    open('whether two much alike functions are both right is for a person to say; they are told'),
  ),
  behaviour(
    'I3',
    'Declares a function that cannot be found at run time',
    'D0',
    detected('assembly-listing', 'assembly-compile'),
  ),
]
