const longestWord = 100

/** The words of a text as they are indexed: letters and digits only, each once; at most `limit`. */
export function searchableWords(text: string, limit: number): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...new Set(words.map((word) => word.slice(0, longestWord)))].slice(0, limit)
}

/** A query that all words of `text` answer, each as the beginning of a word; null without words. */
export function wordQuery(text: string): string | null {
  const words = searchableWords(text, 20)
  return words.length === 0 ? null : words.map((word) => `'${word}':*`).join(' & ')
}
