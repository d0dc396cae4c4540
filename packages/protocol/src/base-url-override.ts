import { PlumbError } from './error.js'

/**
 * The base URL that one call asks for instead of its provider's, without slash at its end; null for none. `place` names
 * where it was given. Throws PlumbError `request-invalid` for what is none: it would end up in the path of the call.
 */
export function baseUrlOverride(value: unknown, place: string): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string' && isBaseUrl(value.trim())) return value.trim().replace(/\/+$/, '')
  throw new PlumbError({
    code: 'request-invalid',
    message: `${place} is ${shown(value)}. It must be an http or https address without query and "#".`,
    remedy:
      'Give a whole address of one of the hosts of the provider, such as "https://api.example.com/v2", or leave it out.',
  })
}

function isBaseUrl(text: string): boolean {
  return /^https?:\/\/[^?#]+$/i.test(text) && URL.canParse(text)
}

/** What stands before an "@" may be a password. */
function shown(value: unknown): string {
  if (typeof value !== 'string') return `a value of type ${typeof value}`
  return value.includes('@') ? 'not usable' : JSON.stringify(value.slice(0, 200))
}
