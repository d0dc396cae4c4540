import { describe, expect, it } from 'vitest'
import * as sdk from './index.js'

describe('the public surface', () => {
  it('is these names', () => {
    expect(Object.keys(sdk).sort()).toEqual([
      'ActionError',
      'HttpError',
      'ValidationError',
      'createAction',
      'createOnEvent',
      'createSync',
      'frequencyMs',
    ])
  })
})
