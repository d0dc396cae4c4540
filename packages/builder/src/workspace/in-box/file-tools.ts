/* The harness's file tools, run inside the box: whatever path they are given, they reach only what the box holds. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { applyPatch } from './apply-patch.js'
import { globPattern } from './glob-pattern.js'

type Input = Readonly<Record<string, unknown>>
type Tool = (input: Input) => string

const maxLines = 2_000
const maxMatches = 200
const maxEntries = 2_000
const maxFileBytes = 4_000_000
const workspace = realpathSync(process.cwd())

function text(input: Input, name: string): string {
  const value = input[name]
  if (typeof value !== 'string')
    throw new Error(`"${name}" must be a text, not ${JSON.stringify(value) ?? 'missing'}.`)
  return value
}

const number = (input: Input, name: string, otherwise: number): number =>
  typeof input[name] === 'number' ? input[name] : otherwise

const place = (path: string) => resolve(workspace, path)
const shown = (path: string) => relative(workspace, path) || '.'

const meanings: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `"${path}" does not exist in this workspace.`,
  EACCES: (path) => `"${path}" cannot be reached from this workspace.`,
  EROFS: (path) =>
    `"${path}" is read-only: it is part of the task. Write function.ts, or a scratch file of your own.`,
  EISDIR: (path) => `"${path}" is a folder.`,
  ELOOP: (path) => `"${path}" is a link that leads nowhere.`,
}

function explain(error: unknown, path: string): Error {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const meaning = Object.hasOwn(meanings, code) ? meanings[code] : undefined
  return meaning === undefined ? (error as Error) : new Error(meaning(path))
}

function readText(path: string): string {
  try {
    if (statSync(place(path)).size > maxFileBytes)
      throw new Error(`"${path}" is larger than ${maxFileBytes} bytes.`)
    return readFileSync(place(path), 'utf8')
  } catch (error) {
    throw explain(error, path)
  }
}

/** What is written elsewhere in the box would be lost without a word when the call ends. */
function assertOwn(path: string): void {
  const real = realpathSync(dirname(place(path)))
  const own = real === workspace || real.startsWith(`${workspace}/`)
  const link = lstatSync(place(path), { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (!own || link)
    throw new Error(`"${path}" leads out of this workspace; write only files in it.`)
}

function writeText(path: string, content: string): void {
  try {
    mkdirSync(dirname(place(path)), { recursive: true })
    assertOwn(path)
    writeFileSync(place(path), content)
  } catch (error) {
    throw explain(error, path)
  }
}

function isFolder(path: string): boolean {
  return statSync(place(path), { throwIfNoEntry: false })?.isDirectory() === true
}

/** Every file below a folder of the workspace; links are not followed and dependencies are left out. */
function walk(folder: string, found: string[] = []): string[] {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (found.length >= maxEntries || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(path, found)
    else if (entry.isFile()) found.push(path)
  }
  return found
}

function filesUnder(path: string): string[] {
  try {
    return isFolder(path) ? walk(place(path)) : [place(path)]
  } catch (error) {
    throw explain(error, path)
  }
}

function read(input: Input): string {
  const path = text(input, 'filePath')
  if (isFolder(path)) return readdirSync(place(path)).join('\n')
  const lines = readText(path).split('\n')
  const from = Math.max(number(input, 'offset', 1), 1) - 1
  const shownLines = lines.slice(from, from + Math.min(number(input, 'limit', maxLines), maxLines))
  const left = lines.length - from - shownLines.length
  const numbered = shownLines.map((line, index) => `${from + index + 1}: ${line.slice(0, 2_000)}`)
  return [...numbered, ...(left > 0 ? [`[truncated: ${left} more lines]`] : [])].join('\n')
}

function write(input: Input): string {
  const path = text(input, 'filePath')
  const content = text(input, 'content')
  writeText(path, content)
  return `Wrote ${Buffer.byteLength(content)} bytes to ${shown(place(path))}.`
}

function edit(input: Input): string {
  const path = text(input, 'filePath')
  const [from, to] = [text(input, 'oldString'), text(input, 'newString')]
  if (from === '') return write({ filePath: path, content: to })
  const parts = readText(path).split(from)
  if (parts.length === 1) throw new Error(`"oldString" does not stand in ${path}.`)
  if (parts.length > 2 && input['replaceAll'] !== true)
    throw new Error(
      `"oldString" stands ${parts.length - 1} times in ${path}. Give more of its surroundings, or set replaceAll.`,
    )
  writeText(path, parts.join(to))
  return `Replaced ${parts.length - 1} place(s) in ${shown(place(path))}.`
}

const folderOf = (input: Input) => (typeof input['path'] === 'string' ? input['path'] : '.')

/** A pattern without a folder means files in any folder. */
function matcher(pattern: string): (path: string) => boolean {
  const expression = globPattern(pattern.includes('/') ? pattern : `**/${pattern}`)
  return (path) => expression.test(shown(path))
}

function glob(input: Input): string {
  const pattern = text(input, 'pattern')
  const found = filesUnder(folderOf(input)).filter(matcher(pattern))
  return found.length === 0 ? 'No files found' : found.slice(0, maxMatches).map(shown).join('\n')
}

function grep(input: Input): string {
  const pattern = new RegExp(text(input, 'pattern'))
  const include = typeof input['include'] === 'string' ? input['include'] : '**'
  const files = filesUnder(folderOf(input)).filter(matcher(include))
  const found = files.flatMap((path) =>
    readText(path)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${shown(path)}:${index + 1}: ${line.slice(0, 500)}`] : [],
      ),
  )
  return found.length === 0 ? 'No matches found' : found.slice(0, maxMatches).join('\n')
}

const list: Tool = (input) => filesUnder(folderOf(input)).map(shown).join('\n') || 'No files found'

const patch: Tool = (input) =>
  applyPatch(text(input, 'patchText'), { read: readText, write: writeText })

const tools: ReadonlyMap<string, Tool> = new Map(
  Object.entries({ read, write, edit, glob, grep, list, apply_patch: patch }),
)

function run(): { output: string } | { error: string } {
  try {
    const { tool, input } = JSON.parse(readFileSync(0, 'utf8')) as { tool: string; input: Input }
    const chosen = tools.get(tool)
    return chosen === undefined
      ? { error: `There is no tool "${tool}".` }
      : { output: chosen(input) }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

process.stdout.write(JSON.stringify(run()))
