import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'

type Given = {
  /** Of the flag, for the error. */
  readonly name: string
  readonly directory: string
}

/** The JSON that a flag gives, or that stands in the file that it names as `@file`. Throws PlumbError `input-invalid`. */
export async function readJsonText(given: string, { name, directory }: Given): Promise<unknown> {
  const file = given.startsWith('@') ? resolve(directory, given.slice(1)) : null
  const text = file === null ? given : await readText(file, name)
  try {
    return JSON.parse(text)
  } catch (error) {
    // The message of the parser quotes the text, which may hold secrets.
    const at = /at position \d+/.exec(String(error))?.[0]
    throw new PlumbError({
      code: 'input-invalid',
      message: `What is given for ${name} is no JSON${at === undefined ? '' : ` (${at})`}.`,
      remedy: 'Give JSON, such as \'{"title":"x"}\', or a file that holds it as @file.',
    })
  }
}

function readText(file: string, name: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlumbError({
      code: 'input-invalid',
      message: `The file "${file}" given for ${name} cannot be read.`,
      remedy: 'Check its name.',
      cause,
    })
  })
}
