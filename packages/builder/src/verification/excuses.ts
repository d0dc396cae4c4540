import type { Finding } from '@plumb/protocol'
import { submittedPath } from './submission-integrity.js'
import type { Check } from './verification-input.js'

/** Does the function explain away what it does not do? */
export const excuses: Check = {
  name: 'excuses',
  run: ({ source }) =>
    commentsOf(source)
      .filter(({ text }) => excuse.test(text))
      .map(({ text, line }) => finding(text, line)),
}

const excuse =
  /\b(not|isn't|aren't|don't|doesn't|no)\s+(\w+\s+){0,3}(needed|required|necessary|supported|applicable|implemented|possible)\b[^.]{0,60}\b(because|since|as|here|for this|in this)\b|\b(skip(ped|ping)?|omit(ted|ting)?|left out|disabled)\b[^.]{0,40}\b(because|since|for (now|simplicity|brevity))|\bfor (now|simplicity|brevity)\b|\bin (a|the) real (implementation|world|life)\b|\bsimplified (version|implementation)\b|\bgood enough\b/i

type Comment = { readonly text: string; readonly line: number }

/** Comments, as far as they can be told from texts without parsing: texts hold no newline here. */
function commentsOf(source: string): Comment[] {
  const parts =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g
  return [...source.matchAll(parts)].flatMap(({ 1: text, index }) =>
    text === undefined ? [] : [{ text, line: source.slice(0, index).split('\n').length }],
  )
}

function finding(text: string, line: number): Finding {
  return {
    check: excuses.name,
    behaviour: 'E7',
    severity: 'warn',
    message: `A comment excuses what the function does not do: ${JSON.stringify(text.slice(0, 140))}.`,
    remedy: 'Do it, or say with "plumb blocked" why the API cannot; a comment proves nothing.',
    pointer: { kind: 'code', path: submittedPath, line, column: 1 },
  }
}
