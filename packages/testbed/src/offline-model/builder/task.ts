import type { Json, JsonObject } from '@plumb/protocol'
import { isObject, listOf, objectOf, textOf } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import type { Toolbox } from './toolbox.js'

/** What the workspace says is to be done. */
export type Task = {
  readonly id: string
  readonly description: string
  /** Everything said in words: description, prompt, comments, notes. */
  readonly words: string
  readonly namespace: string
  readonly input: JsonObject | null
  readonly output: JsonObject | null
  readonly examples: readonly JsonObject[]
  readonly kind: 'action' | 'sync'
  readonly now: Date
  /** `function.ts` as it was found. */
  readonly source: string
}

const mark = '=== plumb-offline'

/** Reads the time, the task and the draft in one go; null when the workspace does not hold them. */
export function* readTask(tools: Toolbox): Play<Task | null> {
  const files = ['interaction.json', 'function.ts', 'AGENTS.md']
  const parts = files.map((file) => `echo '${mark} ${file}'; cat ${file}`)
  const output = yield* tools.shell(
    [`date -u +%Y-%m-%dT%H:%M:%SZ`, ...parts].join('; '),
    'Read the task, the draft and the guide.',
  )
  const [date = '', ...sections] = output.split(`${mark} `)
  const contents = new Map(
    sections.map((section) => {
      const end = section.indexOf('\n')
      return [section.slice(0, end).trim(), section.slice(end + 1)] as const
    }),
  )
  return taskOf(contents, momentOf(date))
}

/** The time comes from the workspace, so that playing a session again gives the same values. */
function momentOf(text: string): Date {
  const found = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/.exec(text)?.[0]
  return new Date(found ?? '2030-01-01T00:00:00Z')
}

function taskOf(files: ReadonlyMap<string, string>, now: Date): Task | null {
  const told = parse(files.get('interaction.json') ?? '')
  if (!isObject(told) || typeof told['id'] !== 'string') return null
  const words = ['description', 'prompt', 'comments'].map((name) => textOf(told[name]))
  const guide = notesIn(files.get('AGENTS.md') ?? '')
  return {
    id: told['id'],
    description: textOf(told['description']),
    words: [...words, guide].filter((text) => text !== '').join('\n'),
    namespace: textOf(told['namespace']) || 'plumb-test',
    input: objectOrNull(told['input']),
    output: objectOrNull(told['output']),
    examples: listOf(told['examples']).map(objectOf),
    kind: told['kind'] === 'sync' ? 'sync' : 'action',
    now,
    source: files.get('function.ts') ?? '',
  }
}

const objectOrNull = (value: Json | undefined) => (isObject(value) ? value : null)

/** The notes of the person who asked; the rest of the guide says how to work, not what about. */
function notesIn(guide: string): string {
  const at = guide.search(/^#+ Notes\b.*$/m)
  if (at < 0) return ''
  const notes = guide.slice(at).replace(/^.*\n/, '')
  const end = notes.search(/^#+ /m)
  return (end < 0 ? notes : notes.slice(0, end)).trim()
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
