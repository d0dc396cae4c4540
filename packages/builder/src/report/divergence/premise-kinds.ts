import type { Divergence, RootCauseKind } from '@plumb/protocol'
import type { AttemptClues } from './attempt-clues.js'
import { guessedId } from './guessed-id.js'
import { inventedCommand } from './invented-command.js'
import { inventedOperation } from './invented-operation.js'
import { misreadError } from './misread-error.js'
import { pagingAssumption } from './paging-assumption.js'
import { refusedTool } from './refused-tool.js'
import { rejectedParameter } from './rejected-parameter.js'
import { repeatedFailure } from './repeated-failure.js'
import { scaffoldDefect } from './scaffold-defect.js'

/** Finds the earliest premise of one sort that failed; null when there is none. */
type FindPremise = (clues: AttemptClues) => Divergence | null

/** Where several fail at the same step, the first of this table names the reason best. */
export const premiseKinds: readonly FindPremise[] = [
  scaffoldDefect,
  inventedCommand,
  inventedOperation,
  rejectedParameter,
  misreadError,
  guessedId,
  pagingAssumption,
  refusedTool,
  repeatedFailure,
]

/** What attempts lost time on, for people. */
export const rootCauseTitles: Readonly<Record<RootCauseKind, string>> = {
  'scaffold-defect': 'a draft that failed by itself',
  'invented-command': 'a command that does not exist',
  'invented-operation': 'an operation that the API does not have',
  'rejected-parameter': 'a parameter that the API refused',
  'misread-error': 'an error that was read as another one',
  'guessed-id': 'an id that was guessed',
  'paging-assumption': 'a wrong belief about pages',
  'refused-tool': 'something that the box does not allow',
  'repeated-failure': 'the same failure again and again',
}
