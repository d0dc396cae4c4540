import { PlumbError } from '@plumb/protocol'
import type { z } from 'zod'
import { kebab } from './kebab.js'

type Called = { readonly name: string; readonly positionals?: readonly string[] }
type Given = Readonly<Record<string, unknown>>

/** What was typed and does not fit the input of an operation, as the error to show. */
export function wrongInput(
  { name, positionals = [] }: Called,
  given: Given,
  { issues }: z.ZodError,
): PlumbError {
  const problems = issues.map(({ path, message, input }) => {
    const [field = '', ...rest] = path.map(String)
    const label = positionals.includes(field) ? `<${kebab(field)}>` : `--${kebab(field)}`
    // What was made a number on the way is shown as it was typed.
    const value = rest.length === 0 ? given[field] : input
    const place = [label, ...rest].join('.')
    return `${place} is ${shown(value, place)}: ${message.replace(/^Invalid (input|option): /, '')}`
  })
  return new PlumbError({
    code: 'usage',
    message: problems.join('\n'),
    remedy: `\`plumb ${name} --help\` shows what it takes.`,
  })
}

const longest = 100

/** Cut short, and never what may be a secret. */
function shown(value: unknown, place: string): string {
  if (value === undefined) return 'missing'
  if (/secret|token|password|credential|api-?key|private/i.test(place)) return 'not usable'
  const text = JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text
}
