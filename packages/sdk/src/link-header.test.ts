import { describe, expect, it } from 'vitest'
import { linkTarget } from './link-header.js'

describe('linkTarget', () => {
  const header =
    '<https://a.example/x?page=1,2>; rel="prev", </x?page=3>; title="a, b"; rel="next last"; a=b, <z>; rel=other'
  it.each([
    ['prev', 'https://a.example/x?page=1,2'],
    ['next', '/x?page=3'],
    ['last', '/x?page=3'],
    ['other', 'z'],
    ['first', undefined],
  ])('finds %s', (rel, target) => expect(linkTarget(header, rel)).toBe(target))

  it('finds nothing in nothing', () => {
    expect(linkTarget(undefined, 'next')).toBeUndefined()
    expect(linkTarget('broken; rel=next', 'next')).toBeUndefined()
  })
})
