import type { Provider } from '@plumb/protocol'
import { isIdentifier, memberText, quote } from './names.js'

/** How a provider that answers failures with 200 says so; null for all others. */
export type SuccessCheck = {
  /** Declares what the check reads. */
  readonly declaration: readonly string[]
  /** Statements that throw for a failed call, given the expression of the body. */
  lines(body: string): string[]
}

export function successCheck(provider: Provider): SuccessCheck | null {
  const path = provider.proxy.successPath
  if (path === undefined || path.split('.').some((step) => !isIdentifier(step))) return null
  const steps = path.split('.')
  const [first = '', ...rest] = steps
  const flag = rest.reduceRight((inner, step) => `z.object({ ${step}: ${inner} })`, 'z.boolean()')
  return {
    declaration: [
      '// A failed call is answered with status 200 as well.',
      `const CallStatus = z.object({ ${first}: ${flag}, error: z.string().optional() })`,
    ],
    lines: (body) => [
      `const status = CallStatus.parse(${body})`,
      `if (!status${steps.map(memberText).join('')}) {`,
      'throw new ctx.ActionError({',
      `type: status.error ?? ${quote('provider_error')},`,
      `message: \`${provider.displayName.replaceAll('`', "'")} refused the call: \${status.error ?? 'no reason given'}\`,`,
      '})',
      '}',
    ],
  }
}
