import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { followAbort } from './followed-abort.js'

describe('followAbort', () => {
  it('aborts with its leader, for the same reason', () => {
    const leader = new AbortController()
    const { signal } = followAbort(leader.signal)
    expect(signal.aborted).toBe(false)
    leader.abort('enough')
    expect(signal.reason).toBe('enough')
  })

  it('is aborted from the start when its leader is', () => {
    expect(followAbort(AbortSignal.abort('before')).signal.reason).toBe('before')
  })

  it('aborts alone, keeps its first reason and leaves nothing on its leader', () => {
    const leader = new AbortController()
    const followed = followAbort(leader.signal)
    followed.abort('own')
    expect(leader.signal.aborted).toBe(false)
    followed.letGo()
    leader.abort('later')
    expect(followed.signal.reason).toBe('own')
    const other = new AbortController()
    followAbort(other.signal).letGo()
    expect(getEventListeners(other.signal, 'abort')).toEqual([])
  })

  it('needs no leader', () => {
    const followed = followAbort(undefined)
    followed.letGo()
    followed.abort('own')
    expect(followed.signal.reason).toBe('own')
  })
})
