import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateProject } from './generate-project.js'

let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-generated-'))
})

afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

async function filesOf(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return new Map(paths.map((path, at) => [path.slice(directory.length + 1), texts[at] ?? '']))
}

function digest(files: Map<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
}

describe('generateProject', () => {
  it('writes exactly as many functions as asked, each with recording and test', async () => {
    const directory = join(root, 'forty')
    const result = await generateProject({ directory, functions: 40, seed: 1 })
    const files = await filesOf(directory)
    expect(result).toEqual({ functions: 40, integrations: 2, files: files.size })
    const functions = [...files.keys()].filter((path) => /\/(actions|syncs)\//.test(path))
    expect(functions).toHaveLength(40)
    const tests = [...files.keys()].filter((path) => path.endsWith('.test.ts'))
    expect(tests).toHaveLength(40)
    expect([...files.keys()].filter((path) => path.endsWith('.test.json'))).toHaveLength(40)
    expect(files.get('index.ts')?.trim().split('\n')).toHaveLength(40)
  })

  it('writes the same bytes for the same seed, and others for another', async () => {
    const write = async (name: string, seed: number) => {
      await generateProject({ directory: join(root, name), functions: 12, seed })
      return digest(await filesOf(join(root, name)))
    }
    expect(await write('a', 7)).toBe(await write('b', 7))
    expect(await write('c', 8)).not.toBe(await write('d', 7))
  })

  it('is of a realistic size: long functions, recordings up to some 40 KB', async () => {
    const directory = join(root, 'sizes')
    await generateProject({ directory, functions: 72, seed: 3 })
    const files = await filesOf(directory)
    const lines = [...files]
      .filter(([path]) => path.includes('/actions/'))
      .map(([, text]) => text.split('\n').length)
      .sort((a, b) => a - b)
    expect(lines[Math.floor(lines.length / 2)]).toBeGreaterThan(80)
    expect(lines.at(-1)).toBeLessThan(200)
    const recordings = [...files].filter(([path]) => path.endsWith('.test.json'))
    const largest = Math.max(...recordings.map(([, text]) => text.length))
    expect(largest).toBeGreaterThan(20_000)
    expect(largest).toBeLessThan(80_000)
  })
})
