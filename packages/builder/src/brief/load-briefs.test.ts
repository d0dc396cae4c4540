import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadBriefs, parseBriefs } from './load-briefs.js'
import { starterBrief } from './starter-brief.js'

const valid = `provider: github
connection: { integration: github, id: test }
interactions:
  - id: create-issue
    description: Create an issue
    writes: true
`

const problemsOf = (text: string, providers?: string[]): string[] => {
  try {
    parseBriefs([{ path: 'a.brief.yaml', text }], providers === undefined ? {} : { providers })
  } catch (error) {
    if (error instanceof PlumbError && error.code === 'brief-invalid')
      return error.message.split('\n')
    throw error
  }
  return []
}

describe('a good brief', () => {
  test('is read with its defaults', () => {
    const [loaded] = parseBriefs([{ path: 'a.brief.yaml', text: valid }])
    expect(loaded?.brief.interactions[0]).toMatchObject({
      id: 'create-issue',
      writes: true,
      expect: 'accepted',
    })
  })

  test('may be JSON, with tabs', () => {
    const json = JSON.stringify(parseBriefs([{ path: 'x', text: valid }])[0]?.brief, null, '\t')
    expect(parseBriefs([{ path: 'a.brief.json', text: json }])).toHaveLength(1)
  })

  test('the starter brief is one', () => {
    const text = starterBrief({ provider: 'github', integration: 'github', connection: 'test' })
    expect(problemsOf(text, ['github'])).toEqual([])
    expect(parseBriefs([{ path: 'x', text }])[0]?.brief.interactions).toHaveLength(3)
  })
})

describe('a bad brief', () => {
  test('names every problem at once, with its place', () => {
    const text = `provider: githb
connection: { integration: github, id: test }
interactions:
  - id: Create Issue
    description: Create an issue
    write: true
  - id: list
    kind: query
    expectedStatuses: [200]
`
    const problems = problemsOf(text, ['github'])
    expect(problems).toHaveLength(6)
    expect(problems[0]).toContain('provider is "githb"')
    expect(problems[1]).toBe(
      'a.brief.yaml:4:9 interactions[0].id is "Create Issue". It must be lower-case words joined by hyphens, such as "create-event", at most 64 characters.',
    )
    expect(problems.join('\n')).toContain(
      'a.brief.yaml:6:5 "write" is not a key of interactions[0]. Did you mean "writes"?',
    )
    expect(problems.join('\n')).toContain(
      'a.brief.yaml:7:5 interactions[1].description is missing.',
    )
    expect(problems.join('\n')).toContain(
      'a.brief.yaml:8:11 interactions[1].kind is "query". It must be "action" or "sync"',
    )
    expect(problems.join('\n')).toContain(
      'a.brief.yaml:9:24 interactions[1].expectedStatuses[0] is 200.',
    )
  })

  test.each([
    [
      'unknown provider',
      valid.replace('provider: github', 'provider: githb'),
      'a.brief.yaml:1:11 provider is "githb", which is not in the catalog. Did you mean "github"?',
    ],
    [
      'duplicate ids',
      `${valid}  - id: create-issue\n    description: Again\n`,
      'a.brief.yaml:7:9 interactions[1].id is "create-issue", which interactions[0] has already.',
    ],
    [
      'bad short form',
      `${valid}    input: { title: strin }\n`,
      'a.brief.yaml:7:21 interactions[0].input.title is "strin". It must be one of string, number',
    ],
    [
      'writes on a sync',
      `${valid}    kind: sync\n`,
      'a.brief.yaml:6:13 interactions[0].writes is true, but a sync only reads.',
    ],
    ['not YAML', 'provider: [', 'a.brief.yaml:1:12'],
    ['a key twice', `${valid}provider: slack\n`, 'a.brief.yaml:7:1 Map keys must be unique'],
    ['empty', '', 'a.brief.yaml:1:1'],
    [
      'prototype key',
      `${valid}__proto__: { polluted: true }\n`,
      'a.brief.yaml:7:1 "__proto__" is not a key of the brief.',
    ],
  ])('%s', (_name, text, message) => {
    expect(problemsOf(text, ['github', 'slack'])[0]).toContain(message)
  })

  test('problems of several files are told together', () => {
    const texts = [
      { path: 'a', text: 'x: 1' },
      { path: 'b', text: 'y: 1' },
    ]
    expect(() => parseBriefs(texts)).toThrow(/^a:[^]*\nb:/)
  })
})

describe('files', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-brief-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('a folder gives its briefs in order and nothing else', async () => {
    for (const name of ['b.brief.yaml', 'a.brief.yml', 'notes.yaml'])
      await writeFile(join(folder, name), valid)
    const loaded = await loadBriefs([folder])
    expect(loaded.map(({ path }) => path)).toEqual([
      join(folder, 'a.brief.yml'),
      join(folder, 'b.brief.yaml'),
    ])
  })

  test('a missing file and an empty folder are told apart from an invalid one', async () => {
    await expect(loadBriefs([join(folder, 'no.brief.yaml')])).rejects.toMatchObject({
      code: 'brief-not-found',
    })
    await expect(loadBriefs([folder])).rejects.toMatchObject({ code: 'brief-not-found' })
  })
})
