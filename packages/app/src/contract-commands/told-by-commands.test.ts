import { PlumbError } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { toldByCommands } from './told-by-commands.js'

const remedyOf = (remedy: string): string => {
  const details = { code: 'connection-unknown', message: 'm GET /keys', payload: { a: 1 } } as const
  const told = toldByCommands(new PlumbError({ ...details, remedy }))
  expect(told).toMatchObject(details)
  return (told as PlumbError).remedy
}

test.each([
  [
    'Correct it; GET /connections lists what there is.',
    'Correct it; `plumb connections list` lists what there is.',
  ],
  [
    'Change it with PATCH /integrations/:uniqueKey, or not.',
    'Change it with `plumb integrations update`, or not.',
  ],
  [
    'GET /integrations lists them; POST /integrations adds one.',
    '`plumb integrations list` lists them; `plumb integrations create` adds one.',
  ],
  ['`GET /openapi.json` describes POST /things.', '`plumb openapi` describes POST /things.'],
  ['Ask with GET /integrations.', 'Ask with `plumb integrations list`.'],
  ['Add it with `plumb connections add a b`.', 'Add it with `plumb connections add a b`.'],
])('%s', (given, told) => expect(remedyOf(given)).toBe(told))

test('what is no failure of ours stays what it is', () => {
  const other = new Error('GET /connections')
  expect(toldByCommands(other)).toBe(other)
})
