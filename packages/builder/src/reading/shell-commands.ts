/** One simple command of a shell line: its words and the files it redirects into. */
export type ShellCommand = {
  readonly words: readonly string[]
  readonly writesTo: readonly string[]
}

const token =
  /[^\S\n]*(?:(\d*(?:>>|>\||>&|&>|>|<<<|<<-?|<))|(&&|\|\||\||;|&|\n|\(|\)|\{(?=\s)|\})|((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\|&;<>()])+))/gy

/**
 * Splits a shell line into its simple commands, in order. Quotes are taken off, here-documents are left out, nothing is
 * expanded. Good enough to see what a command meant to touch; it decides about no permission.
 */
export function shellCommands(line: string): ShellCommand[] {
  const commands: ShellCommand[] = []
  let words: string[] = []
  let writesTo: string[] = []
  let redirect: string | null = null
  const finish = (): void => {
    if (words.length > 0 || writesTo.length > 0) commands.push({ words, writesTo })
    ;[words, writesTo] = [[], []]
  }
  for (const [, operator, separator, word] of withoutHereDocuments(line).matchAll(token)) {
    if (operator !== undefined) redirect = operator
    else if (separator !== undefined) finish()
    else if (word !== undefined) {
      const text = unquote(word)
      if (redirect === null) words.push(text)
      else if (/>/.test(redirect) && !/^&?\d+$/.test(text)) writesTo.push(text)
      redirect = null
    }
  }
  finish()
  return commands
}

function withoutHereDocuments(line: string): string {
  return line.replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?(?:\n[\t ]*\2(?=\n|$)|$)/g, '$3')
}

function unquote(word: string): string {
  return word.replace(/'[^']*'|"(?:\\.|[^"\\])*"|\\./g, (part) => {
    if (part.startsWith("'")) return part.slice(1, -1)
    return part.startsWith('"') ? part.slice(1, -1).replace(/\\(["\\$`])/g, '$1') : part.slice(1)
  })
}
