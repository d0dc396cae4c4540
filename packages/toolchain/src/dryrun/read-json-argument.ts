import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { jsonObjectSchema, PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'

export type JsonArgument = {
  /** JSON, or `@` and the path of a file that holds it. */
  readonly given: string
  /** Such as `--input`. */
  readonly option: string
  /** Where relative paths start. */
  readonly directory: string
}

/** The value of an option that takes JSON. Throws PlumbError `input-invalid` with line and column. */
export async function readJsonArgument(argument: JsonArgument): Promise<unknown> {
  const { given, option, directory } = argument
  if (!given.startsWith('@')) return parseJson(given, option)
  const path = resolve(directory, given.slice(1))
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PlumbError({
      code: 'input-invalid',
      message: `${option} names the file ${path}, which cannot be read.`,
      remedy: 'Correct the path after "@", or give the JSON itself.',
      cause,
    })
  })
  return parseJson(text, `${option} (${given.slice(1)})`)
}

/** The same for an option that takes an object. */
export async function readJsonObjectArgument(argument: JsonArgument): Promise<JsonObject> {
  const value = await readJsonArgument(argument)
  const parsed = jsonObjectSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new PlumbError({
    code: 'input-invalid',
    message: `${argument.option} is ${JSON.stringify(value).slice(0, 80)}, which is no object.`,
    remedy: 'Give an object, such as {"since":"2026-01-01"}.',
  })
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = (error as Error).message
    const { line, column } = placeOf(text, reason)
    throw new PlumbError({
      code: 'input-invalid',
      message: `${what} is no JSON: line ${line}, column ${column}, at ${excerpt(text, line, column)}.`,
      remedy:
        'Correct it there. In a shell put single quotes around JSON, or read a file: --input @input.json.',
      cause: error,
    })
  }
}

/** The engine names an offset, or nothing at all when the text ends too early. */
function placeOf(text: string, reason: string): { line: number; column: number } {
  const position = /position (\d+)/.exec(reason)?.[1]
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function excerpt(text: string, line: number, column: number): string {
  const found = (text.split('\n')[line - 1] ?? '').slice(column - 1, column + 19)
  return found === '' ? 'its end' : JSON.stringify(found)
}
