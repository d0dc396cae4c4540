import { expect, it } from 'vitest'
import { baseUrlOverride } from './base-url-override.js'

it('is taken without what stands around it', () => {
  expect(baseUrlOverride(' https://api.example.com/v2// ', 'it')).toBe('https://api.example.com/v2')
  expect(baseUrlOverride('HTTP://[::1]:80', 'it')).toBe('HTTP://[::1]:80')
  for (const none of [undefined, null, '']) expect(baseUrlOverride(none, 'it')).toBeNull()
})

it.each([
  ...['not a url', 'api.example.com/v2', '/v2', '//api.example.com', 'https:api.example.com'],
  ...['ftp://api.example.com', 'https://', 'https://a b', 'https://api.example.com?v=2'],
  ...['https://api.example.com/#v2', ' '],
])('is refused with its value and a remedy: %s', (value) => {
  expect(() => baseUrlOverride(value, '"baseUrlOverride"')).toThrow(
    expect.objectContaining({
      code: 'request-invalid',
      message: expect.stringContaining(`"baseUrlOverride" is ${JSON.stringify(value)}.`),
      remedy: expect.stringContaining('https://api.example.com/v2'),
    }),
  )
})

it('is not repeated where it may hold a password, and never whole when it is long', () => {
  const refused = (value: unknown) => {
    try {
      return baseUrlOverride(value, 'it')
    } catch (error) {
      return String(error)
    }
  }
  expect(refused('https://me:hunter2@api.example.com?x')).not.toContain('hunter2')
  expect(refused('x'.repeat(100_000))?.length).toBeLessThan(500)
  expect(refused({ href: 'https://api.example.com' })).toContain('of type object')
})
