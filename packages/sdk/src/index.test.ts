import { describe, expect, it } from 'vitest'
import * as config from './config.js'
import * as sdk from './index.js'
import * as nango from './nango.js'

const names = [
  'ActionError',
  'HttpError',
  'ValidationError',
  'createAction',
  'createOnEvent',
  'createSync',
  'frequencyMs',
]

describe('the public surface', () => {
  it('is these names', () => {
    expect(Object.keys(sdk).sort()).toEqual(names)
  })

  it('is the same values for existing functions', () => {
    expect({ ...nango }).toEqual({ ...sdk })
    for (const name of names) expect(Reflect.get(nango, name)).toBe(Reflect.get(sdk, name))
  })

  it('types a project configuration and changes nothing of it', () => {
    const given = { allowedPackages: ['soap'], allow: { credentials: true } }
    expect(Object.keys(config)).toEqual(['defineConfig'])
    expect(config.defineConfig(given)).toBe(given)
  })
})
