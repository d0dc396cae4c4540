import type { Provider } from '@plumb/protocol'
import { isIdentifier, memberText } from './names.js'

/** How a provider that answers failures with 200 says so. */
export type SuccessCheck = {
  /** Declares what the check reads. */
  readonly declaration: readonly string[]
  /** Statements that throw for a failed call, given the expression of the body and a free variable name. */
  lines(body: string, variable?: string): string[]
}

/** Null for providers whose failures have a status of their own. */
export function successCheck(provider: Provider): SuccessCheck | null {
  const path = provider.proxy.successPath
  if (path === undefined || path.split('.').some((step) => !isIdentifier(step))) return null
  const [first = '', ...rest] = path.split('.')
  const flag = rest.reduceRight((inner, step) => `z.object({ ${step}: ${inner} })`, 'z.boolean()')
  const access = path.split('.').map(memberText).join('')
  const name = provider.displayName.replace(/[`\\$]/g, '')
  return {
    declaration: [
      '// A failed call is answered with status 200 as well.',
      `const CallStatus = z.object({ ${first}: ${flag}, error: z.string().optional() })`,
    ],
    lines: (body, variable = 'callStatus') => [
      `const ${variable} = CallStatus.parse(${body})`,
      `if (!${variable}${access}) {`,
      'throw new ctx.ActionError({',
      `type: ${variable}.error ?? 'provider_error',`,
      `message: \`${name} refused the call: \${${variable}.error ?? 'no reason given'}\`,`,
      '})',
      '}',
    ],
  }
}

/** The same check for every page of a walk: the `on_page` member of its options. */
export function onPageLines(provider: Provider): string[] {
  const check = successCheck(provider)
  if (check === null) return []
  return ['on_page: ({ response }) => {', ...check.lines('response.data'), '},']
}
