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

/** The flags of every command, as docs/cli.md has them. */
function flagsByCommand(): Map<string, string[]> {
  const [, ...sections] = readFileSync(join(root, 'docs/cli.md'), 'utf8').split(/^## plumb /m)
  return new Map(
    sections.map((section) => {
      const flags = [...section.matchAll(/^- `--([a-z-]+)/gm)].map(([, flag = '']) => flag)
      return [section.slice(0, section.indexOf('\n')), [...flags, 'json']]
    }),
  )
}

test('every command of the guides is one that there is, with flags that it has', () => {
  const commands = flagsByCommand()
  const nameOf = (words: string) =>
    [...commands.keys()]
      .filter((name) => `${words} `.startsWith(`${name} `))
      .sort((a, b) => b.length - a.length)[0] ?? ''
  const lines = pages
    .filter((page) => page === 'README.md' || page.startsWith('docs/'))
    .flatMap((page) => docCommands(page).flat())
    .filter((line) => /^plumb [a-z]/.test(line) && !line.includes('<'))
  expect(lines.length).toBeGreaterThan(100)
  const wrong = lines.filter((line) => {
    const words = line.slice('plumb '.length).replace(/'[^']*'|"[^"]*"| [#|>].*/g, '')
    const flags = [...words.matchAll(/ --([a-z-]+)/g)].map(([, flag = '']) => flag)
    return !flags.every((flag) => commands.get(nameOf(words))?.includes(flag)) || !nameOf(words)
  })
  expect(wrong).toEqual([])
})
