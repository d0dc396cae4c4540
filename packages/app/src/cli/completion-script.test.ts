import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadOperations } from '../operations/index.js'
import { completionScript } from './completion-script.js'

const operations = await loadOperations()

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumb-completion-'))
  writeFileSync(
    join(folder, 'plumb'),
    '#!/bin/sh\n[ "$3" = connections ] && echo acc-1 acc-2 || echo acme/x\n',
  )
  chmodSync(join(folder, 'plumb'), 0o755)
  writeFileSync(join(folder, 'plumb.bash'), completionScript('bash', operations))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** What bash offers for the last of `words`. */
function offered(...words: string[]): string[] {
  const script = `. ${folder}/plumb.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plumb; printf '%s\\n' "\${COMPREPLY[@]}"`
  const env = { PATH: `${folder}:/usr/bin:/bin` }
  const text = execFileSync('bash', ['-c', script, 'bash', ...words], { env, encoding: 'utf8' })
  return text.split('\n').filter((line) => line !== '')
}

test('bash completes commands, the words of groups, flags and accounts', () => {
  expect(offered('plumb', 'dry')).toEqual(['dryrun'])
  expect(offered('plumb', 'connections', '')).toEqual(expect.arrayContaining(['add', 'list']))
  expect(offered('plumb', 'connections', 'add', '--base')).toEqual(['--base-url'])
  expect(offered('plumb', 'dryrun', 'x', '--allow')).toEqual(['--allow-writes'])
  expect(offered('plumb', 'dryrun', 'x', '--connection', '')).toEqual(['acc-1', 'acc-2'])
  expect(offered('plumb', 'dryrun', 'acm')).toEqual(['acme/x'])
})

test('every shell knows every command', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(shell, operations)
    for (const { name } of operations) expect(script, `${shell} ${name}`).toContain(name)
  }
})
