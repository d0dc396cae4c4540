import { PlumbError } from '@plumb/protocol'
import type { z } from 'zod'
import { kebab } from './kebab.js'

type Called = { readonly name: string; readonly positionals?: readonly string[] }

/** What was typed and does not fit the input of an operation, as the error to show. */
export function wrongInput({ name, positionals = [] }: Called, { issues }: z.ZodError): PlumbError {
  const problems = issues.map(({ path, message, input }) => {
    const [field = ''] = path.map(String)
    const label = positionals.includes(field) ? `<${kebab(field)}>` : `--${kebab(field)}`
    const value = input === undefined ? 'missing' : JSON.stringify(input)
    return `${label} is ${value}: ${message.replace(/^Invalid (input|option): /, '')}`
  })
  return new PlumbError({
    code: 'usage',
    message: problems.join('\n'),
    remedy: `\`plumb ${name} --help\` shows what it takes.`,
  })
}
