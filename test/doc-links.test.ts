import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { docCommands } from './doc-blocks.js'

const root = join(import.meta.dirname, '..')
const tracked = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
const pages = tracked.split('\n').filter((path) => path !== '' && existsSync(join(root, path)))

/** A page without what is code. */
function proseOf(path: string): string {
  return readFileSync(join(root, path), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')
}

/** The anchors that headings of a page have. */
function anchorsOf(path: string): string[] {
  const headings = [...proseOf(path).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text)
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  const broken = links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })
  expect(broken).toEqual([])
})

type Command = { readonly flags: readonly string[]; readonly required: number }

/** The flags of every command and how many words it needs, as docs/cli.md has them. */
function documentedCommands(): Map<string, Command> {
  const [, ...sections] = readFileSync(join(root, 'docs/cli.md'), 'utf8').split(/^## plumb /m)
  return new Map(
    sections.map((section) => {
      const flags = [...section.matchAll(/^- `--([a-z-]+)/gm)].map(([, flag = '']) => flag)
      const usage = /^plumb .*$/m.exec(section)?.[0] ?? ''
      const required = usage.match(/<[^>]+>/g)?.length ?? 0
      return [section.slice(0, section.indexOf('\n')), { flags: [...flags, 'json'], required }]
    }),
  )
}

/** Commands within sentences: those that are given a flag are meant to be typed. */
function commandsInProse(page: string): string[] {
  const codes = [...proseOf(page).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
  return codes.map((code) => code.replace(/\s+/g, ' ')).filter((code) => code.includes(' --'))
}

test('every command of the guides is one that there is, with flags that it has and the words that it needs', () => {
  const commands = documentedCommands()
  const nameOf = (words: string) =>
    [...commands.keys()]
      .filter((name) => `${words} `.startsWith(`${name} `))
      .sort((a, b) => b.length - a.length)[0] ?? ''
  const lines = pages
    .filter((page) => page === 'README.md' || page.startsWith('docs/'))
    .flatMap((page) => [...docCommands(page).flat(), ...commandsInProse(page)])
    .filter((line) => /^plumb [a-z]/.test(line) && !line.includes('[options]'))
  expect(lines.length).toBeGreaterThan(150)
  const wrong = lines.filter((line) => {
    const words = line.slice('plumb '.length).replace(/ [#|>] .*/, '')
    const name = nameOf(words)
    const flags = [...words.matchAll(/ --([a-z-]+)/g)].map(([, flag = '']) => flag)
    const { flags: known = [], required = 0 } = commands.get(name) ?? {}
    const given = words
      .slice(name.length)
      .replace(/'[^']*'|"[^"]*"/g, 'text')
      .split(' --')[0]
    const enough = (given ?? '').split(' ').filter((word) => word !== '').length >= required
    return name === '' || !enough || !flags.every((flag) => known.includes(flag))
  })
  expect(wrong).toEqual([])
})
