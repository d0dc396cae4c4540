import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type DocBlock = { readonly language: string; readonly text: string }

/** The fenced blocks of a page in their order; `page` is relative to the repository. */
export function docBlocks(page: string): DocBlock[] {
  const text = readFileSync(join(import.meta.dirname, '..', page), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }))
}

/** The TypeScript files of a page by the path in their first line. Throws for a block without one. */
export function docFiles(page: string): Map<string, string> {
  const files = docBlocks(page).filter(({ language }) => language === 'ts')
  return new Map(
    files.map(({ text }) => {
      const path = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1]
      if (path === undefined) throw new Error(`A block of ${page} names no file:\n${text}`)
      return [path, text]
    }),
  )
}

/** The commands of a page's shell blocks, one list for each block. */
export function docCommands(page: string): string[][] {
  return docBlocks(page)
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text.trim().split('\n'))
}
