import type { Json, JsonObject } from '@plumb/protocol'
import { isObject, textOf } from '../api/schema.js'
import type { Conversation } from '../conversation/conversation.js'
import type { Play } from '../conversation/play-from-start.js'

/** The tool said that the account has no access: nothing more can be done. */
export class AccessGone extends Error {}

/** The work took more turns than it is worth. */
export class OutOfTurns extends Error {}

const maxTurns = 90

/** The harness's tools as the player uses them, whatever they are called there. */
export class Toolbox {
  readonly #shell: string
  readonly #write: string | null
  #turns = 0

  constructor({ tools }: Conversation) {
    this.#shell =
      tools.find((name) => /^(bash|shell|execute_command|run_command)$/.test(name)) ?? 'bash'
    this.#write = tools.find((name) => name === 'write') ?? null
  }

  *shell(command: string, say: string): Play<string> {
    this.#count()
    return yield { tool: this.#shell, input: { command, description: say }, say }
  }

  /** Runs one `plumb` command and reads its JSON; asks once more when nothing readable came back. */
  *plumb(args: readonly string[], say: string): Play<JsonObject> {
    const [answer = {}] = yield* this.plumbEach([args], say)
    return answer
  }

  /** Runs several `plumb` commands in one go; the answers are in order. */
  *plumbEach(commands: readonly (readonly string[])[], say: string): Play<JsonObject[]> {
    const line = commands.map((args) => ['plumb', ...args].map(shellWord).join(' ')).join('; ')
    const first = jsonLines(yield* this.shell(line, say))
    const answers =
      first.length > 0 ? first : jsonLines(yield* this.shell(line, `${say} (once more)`))
    const gone = answers.find((answer) => answer['blocked'] === true)
    if (gone !== undefined)
      throw new AccessGone(`${textOf(gone['error'])} ${textOf(gone['remedy'])}`.trim())
    return answers
  }

  *write(path: string, content: string): Play<void> {
    const say = `Write ${path}.`
    if (this.#write === null) {
      yield* this.shell(`cat > ${path} <<'END_OF_FILE'\n${content}\nEND_OF_FILE`, say)
      return
    }
    this.#count()
    yield { tool: this.#write, input: { filePath: path, content }, say }
  }

  #count(): void {
    this.#turns += 1
    // The ending itself still has to be told.
    if (this.#turns === maxTurns) throw new OutOfTurns(`${maxTurns} turns were not enough.`)
  }
}

const plainWord = /^[\w@%+=:,./-]+$/

const shellWord = (word: string): string =>
  plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Every line of an output that is a JSON object; everything else in it is talk. */
export function jsonLines(output: string): JsonObject[] {
  return output.split('\n').flatMap((line) => {
    const value = line.startsWith('{') ? parse(line) : null
    return isObject(value) ? [value] : []
  })
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
