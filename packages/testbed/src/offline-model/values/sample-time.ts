import type { SampleRequest } from './sample.js'
import { wordsOf } from '../api/words.js'

const hour = 3_600_000
const day = 24 * hour

const lasts =
  /^(end|to|until|max|due|before|finish|expire|expiry|expiration|expires|deadline|latest|close|stop|arrival|checkout)$/
const starts = /^(start|from|since|min|after|begin|earliest|open|departure|checkin)$/

/** The moment a member stands for: starts before ends; around now when searching, tomorrow when making. */
export function sampleTime({ name, now, isSearch, salt }: SampleRequest): Date {
  const words = wordsOf(name)
  const isEnd = words.some((word) => lasts.test(word))
  const isStart = words.some((word) => starts.test(word))
  const base = Math.ceil(now.getTime() / hour) * hour
  if (isSearch) return new Date(base + (isEnd ? 60 : isStart ? -30 : 0) * day)
  return new Date(base + day + (isEnd ? hour : 0) + salt * 2 * hour)
}

/** `2030-01-31T10:00:00Z` */
export const dateTimeText = (moment: Date): string => moment.toISOString().replace('.000Z', 'Z')

/** `2030-01-31`; ends are a day later than starts, since ranges of days are often exclusive. */
export function dateText(request: SampleRequest): string {
  const moment = sampleTime(request)
  const isEnd = wordsOf(request.name).some((word) => lasts.test(word))
  return new Date(moment.getTime() + (isEnd && !request.isSearch ? day : 0))
    .toISOString()
    .slice(0, 10)
}
