import type { Fixture, FixtureEntry } from '@plumb/protocol'
import { describe, expect, test } from 'vitest'
import { pseudonymise } from './pseudonymise.js'
import type { PseudonymiseOptions } from './pseudonymise.js'

const salt = 'a project that nobody guesses'

/** A fixture with the type of the answer in it. */
type Answering<Shape> = Fixture & { readonly shape?: Shape }

function made<Shape>(
  fixture: Answering<Shape>,
  options: Partial<PseudonymiseOptions> = {},
): Answering<Shape> {
  return pseudonymise(fixture, { salt, ...options }).fixture
}

function answering<Shape>(response: Shape): Answering<Shape> {
  return { api: { get: { '/things': [{ response, status: 200, headers: {} }] } }, nango: {} }
}

function responseOf<Shape>(fixture: Answering<Shape>): Shape {
  return entriesAt(fixture, 'get', '/things')[0]?.response as Shape
}

function entriesAt(fixture: Fixture, method: string, path: string): FixtureEntry[] {
  return [fixture.api?.[method]?.[path] ?? []].flat()
}

function told(fixture: Fixture): string {
  return JSON.stringify(fixture)
}

const ada = {
  id: 'usr_0019',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada.lovelace@analytical.org',
  phone: '+44 20 7946 0991',
}

describe('one value has one pseudonym', () => {
  test('in answer, path, query, body, input, output and records, and across fixtures', () => {
    const entry = {
      response: { users: [ada] },
      status: 200,
      headers: {},
      request: {
        params: { q: 'ada.lovelace@analytical.org' },
        data: { to: [{ email: 'Ada.Lovelace@analytical.org' }] },
      },
    }
    const fixture = made({
      input: { email: 'ada.lovelace@analytical.org' },
      output: { greeting: 'Dear Ada Lovelace' },
      nango: { batchSave: { User: [{ id: 'usr_0019', name: 'Ada Lovelace', email: ada.email }] } },
      api: { post: { '/users/ada.lovelace%40analytical.org/mail': [entry] } },
    })
    const { email } = fixture.input as { email: string }
    expect(email).toMatch(/^[a-z]{3}\.[a-z]{8}@[a-z]{10}\.example$/)
    expect(Object.keys(fixture.api?.['post'] ?? {})).toEqual([
      `/users/${encodeURIComponent(email)}/mail`,
    ])
    const [sent] = entriesAt(fixture, 'post', `/users/${encodeURIComponent(email)}/mail`)
    expect(sent?.request?.params).toEqual({ q: email })
    expect(JSON.stringify(sent?.request?.data).toLowerCase()).toBe(
      JSON.stringify({ to: [{ email }] }),
    )
    const { users } = sent?.response as { users: [typeof ada] }
    const [{ first_name, last_name }] = users
    expect(fixture.output).toEqual({ greeting: `Dear ${first_name} ${last_name}` })
    expect(fixture.nango?.batchSave?.['User']).toEqual([
      { id: 'usr_0019', name: `${first_name} ${last_name}`, email },
    ])
    expect(told(fixture)).not.toMatch(/ada|lovelace|analytical|7946/i)
    const other = made(answering({ contact: { email: ada.email } }))
    expect(responseOf(other).contact.email).toBe(email)
  })

  test('another project gives others', () => {
    const one = responseOf(made(answering({ user: ada })))
    const two = responseOf(made(answering({ user: ada }), { salt: 'another' }))
    expect(one.user.email).not.toBe(two.user.email)
  })
})

describe('what hides', () => {
  test('a name in free text next to the address of the same person, named nowhere else', () => {
    const texts = [
      'Please ask Grace Hopper (ghopper@navy.mil) for the manual.',
      'From: "Hopper, Grace" <grace@navy.mil>',
      'Jürgen Müller, juergen.mueller@firma.de',
      'alan@turing.net (Alan Turing) wrote; then Turing slept',
    ]
    for (const text of texts) {
      const { note } = responseOf(made(answering({ note: text })))
      expect(note).not.toMatch(/hopper|grace|jürgen|müller|juergen|mueller|alan|turing|navy/i)
    }
    const { note } = responseOf(made(answering({ note: texts[0] })))
    expect(note).toMatch(/^Please ask \w{5} \w{6} \(\w{7}@\w{4}\.example\) for the manual\.$/)
  })

  test('a name that is known from a field, in another field, in capitals and in a link', () => {
    const { log, link } = responseOf(
      made(
        answering({
          user: ada,
          log: 'LOVELACE changed the state; Ada’s note',
          link: 'https://social.test/in/ada-lovelace?by=Ada+Lovelace',
        }),
      ),
    )
    expect(`${log} ${link}`).not.toMatch(/ada|lovelace/i)
    expect(log).toMatch(/^[A-Z]{8} changed the state; /)
    expect(link).toMatch(/^https:\/\/social\.test\/in\/[a-z]{3}-[a-z]{8}\?by=/)
  })

  test('a full name in a field that names a thing, put together from parts', () => {
    const { channel, team } = responseOf(
      made(answering({ user: ada, channel: 'For Ada Lovelace', team: 'Ada' })),
    )
    expect(channel).toMatch(/^For [A-Z][a-z]{2} [A-Z][a-z]{7}$/)
    expect(channel).not.toMatch(/ada|lovelace/i)
    expect(team).toBe('Ada')
  })

  test('a phone number with spaces, with dots, in a path and in a text', () => {
    const entry = { response: { phone: ada.phone }, status: 200, headers: {} }
    const text = {
      response: { note: 'Call 020 7946 0991 or +442079460991.' },
      status: 200,
      headers: {},
    }
    const fixture = made({
      api: { get: { '/contacts/%2B442079460991': [entry], '/notes': [text] } },
      nango: {},
    })
    expect(told(fixture).replace(/\D/g, '')).not.toContain('79460991')
    const [path] = Object.keys(fixture.api?.['get'] ?? {})
    const [answer] = entriesAt(fixture, 'get', path ?? '')
    const { phone } = answer?.response as { phone: string }
    expect(phone).toMatch(/^\+44 \d\d \d{4} \d{4}$/)
    expect(decodeURIComponent(path ?? '')).toBe(`/contacts/${phone.replaceAll(' ', '')}`)
  })

  test('base64 of an address, alone and inside more, with its padding and alphabet', () => {
    const id = Buffer.from('ada.lovelace@analytical.org').toString('base64')
    const raw = Buffer.from('To: Ada <ada.lovelace@analytical.org>\r\n\r\nHi~~~').toString(
      'base64url',
    )
    const fixture = made(answering({ id, raw, email: ada.email }))
    const { id: newId, raw: newRaw, email } = responseOf(fixture)
    expect(Buffer.from(newId, 'base64').toString()).toBe(email)
    expect(Buffer.from(newRaw, 'base64url').toString()).toContain(`<${email}>`)
    expect(Buffer.from(newRaw, 'base64url').toString()).not.toMatch(/ada/i)
  })

  test('hashes of an address become those of its pseudonym', async () => {
    const { createHash } = await import('node:crypto')
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const { email, icon } = responseOf(
      made(answering({ email: ada.email, icon: `https://gravatar.test/${md5(ada.email)}` })),
    )
    expect(icon).toBe(`https://gravatar.test/${md5(email)}`)
  })

  test('names in other scripts keep script, length and case', () => {
    const { users } = responseOf(
      made(
        answering({
          users: [
            { full_name: 'Søren Ångström' },
            { full_name: 'Анна Каренина' },
            { full_name: '王小明', note: '请联系王小明先生' },
            { full_name: "Siobhán O'Brien-Núñez" },
          ],
        }),
      ),
    )
    expect(users[0]?.full_name).toMatch(/^\p{Lu}\p{Ll}{4} \p{Lu}\p{Ll}{7}$/u)
    expect(users[0]?.full_name).not.toMatch(/Søren|Ångström/)
    expect(users[1]?.full_name).toMatch(/^\p{Script=Cyrillic}{4} \p{Script=Cyrillic}{8}$/u)
    expect(users[1]?.full_name).not.toMatch(/Анна|Каренина/)
    expect(users[2]?.full_name).toMatch(/^\p{Script=Han}{3}$/u)
    expect(users[2]?.note).toBe(`请联系${users[2]?.full_name}先生`)
    expect(users[3]?.full_name).not.toMatch(/Siobh|Brien|Núñez/)
  })

  test('JSON in a text, and a map whose keys are addresses', () => {
    const fixture = made(
      answering({ payload: JSON.stringify({ user: ada }), seen: { [ada.email]: { count: 1 } } }),
    )
    expect(told(fixture)).not.toMatch(/ada|lovelace|analytical/i)
    const { payload, seen } = responseOf(fixture)
    expect(Object.keys(seen)).toEqual([JSON.parse(payload).user.email])
  })
})

describe('what is nobody’s stays', () => {
  test('identifiers, times, enumerations and a company called like a person', () => {
    const response = {
      user: { first_name: 'Chase', last_name: 'Active', status: 'active', kind: 'Active' },
      company: { name: 'Chase' },
      employer: 'Chase',
      id: '3ada9f00-1234-4abc-9def-0123456789ab',
      sha: 'ada3ada3ada3ada3ada3ada3ada3ada3ada3ada3',
      created_at: '2026-01-02T03:04:05.678Z',
      amount: 4155550100,
      version: '1.2.3.4',
      order_id: '4111111111111111111111',
      text: 'They chase an active lead',
      stage: 'Grant',
    }
    const { user, ...rest } = responseOf(
      made(answering(response), {
        definition: {
          inputSchema: null,
          models: {},
          outputSchema: { properties: { stage: { enum: ['Grant'] } } },
        },
      }),
    )
    expect({ user: response.user, ...rest }).toEqual(response)
    expect(user).toMatchObject({ status: 'active', kind: 'Active' })
    expect(user.first_name).not.toBe('Chase')
    expect(user.last_name).not.toBe('Active')
  })

  test('the host of the API, also where somebody has an address there', () => {
    const response = {
      email: 'ada@github.com',
      next: 'https://api.github.com/users?page=2',
      website: 'https://analytical.org/about',
      other: 'ada@analytical.org',
    }
    const { next, website, email } = responseOf(
      made(answering(response), { hosts: ['api.github.com'] }),
    )
    expect(next).toBe(response.next)
    expect(email).toMatch(/^[a-z]{3}@github\.com$/)
    expect(website).not.toContain('analytical')
  })

  test('words of the language that are names too, when they are written small', () => {
    const { text } = responseOf(
      made(
        answering({
          user: { first_name: 'Will', last_name: 'Green' },
          text: 'It will be green, says Will.',
        }),
      ),
    )
    expect(text).toMatch(/^It will be green, says \w{4}\.$/)
    expect(text).not.toContain('Will')
  })
})

describe('forms are kept', () => {
  test.each([
    ['iban', 'DE89370400440532013000', /^DE\d{20}$/],
    [
      'note',
      'pay to GB82 WEST 1234 5698 7654 32 now',
      /^pay to GB\d\d [A-Z]{4}( \d{4}){3} \d\d now$/,
    ],
    ['note', 'card 4111 1111 1111 1111', /^card 4\d{3}( \d{4}){3}$/],
    ['ip_address', '93.184.216.34', /^198\.1[89]\.\d+\.\d+$/],
    ['note', 'from 2a00:1450:4001:81b::200e', /^from 2001:db8::/],
    ['birth_date', '1815-12-10', /^19[5-9]\d-\d\d-\d\d$/],
    ['dob', '12/10/1815', /^\d\d\/\d\d\/19\d\d$/],
    ['street', '12 Dorset Street', /^[1-9]\d \w{6} \w{6}$/],
    ['postal_code', 'W1U 4EB', /^[A-Z]\d[A-Z] \d[A-Z]{2}$/],
    ['avatar_url', 'https://img.test/u/ada.png', /^https:\/\/img\.test\/\w\/\w{3}\.png$/],
    ['api_key', 'Zk39-1qqL-0001', /^[A-Z][a-z]\d\d-/],
    [
      'file',
      'https://cdn.test/f.pdf?sig=aB3dE5fG',
      /^https:\/\/cdn\.test\/f\.pdf\?sig=[a-zA-Z0-9]{8}$/,
    ],
  ])('%s %s', (key, value, form) => {
    const given: Record<string, string> = { [key]: value }
    const said = responseOf(made(answering(given)))[key]
    expect(said).toMatch(form)
    expect(said).not.toBe(value)
  })

  test('secrets of the account leave no trace in any encoding', () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'
    const fixture = made(
      answering({ hook: `https://x.test/?a=1&note=${token}`, text: `use ${token}` }),
    )
    expect(told(fixture)).not.toContain('abcdefghijklmnop')
  })
})
