/** One word of a POSIX shell script, whatever it contains but NUL. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
