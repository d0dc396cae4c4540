import { realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FunctionKind } from '@plumb/protocol'
import type { Diagnostic } from '../compile/diagnostic.js'
import { codeFrame } from '../compile/code-frame.js'
import type { ProjectFunction } from './project-function.js'

const imported = /^[ \t]*(?:import|export)\b[^'"\n]*['"](\.[^'"\n]+)['"]/gm
const place = /(?:^|\/)([^/]+)\/(actions|syncs|on-events)\/([^/]+?)(?:\.[jt]s)?$/
const kindOf: Readonly<Record<string, FunctionKind>> = {
  actions: 'action',
  syncs: 'sync',
  'on-events': 'on-event',
}

/** The functions that a project's `index.ts` names, and a diagnostic for each that does not exist. */
export async function namedInIndex(
  root: string,
): Promise<{ found: ProjectFunction[]; missing: Diagnostic[] }> {
  const text = await readFile(join(root, 'index.ts'), 'utf8').catch(() => '')
  const found: ProjectFunction[] = []
  const missing: Diagnostic[] = []
  for (const match of text.matchAll(imported)) {
    const specifier = match[1] ?? ''
    const [, integration, folder, name] = place.exec(specifier) ?? []
    const kind = kindOf[folder ?? '']
    if (kind === undefined || integration === undefined || name === undefined) continue
    const file = resolve(root, specifier.replace(/(\.[jt]s)?$/, '.ts'))
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      found.push({ integration, kind, name, file: realpathSync(file) })
    else missing.push(notThere(text, match.index + match[0].indexOf(specifier), specifier))
  }
  return { found, missing }
}

function notThere(text: string, at: number, specifier: string): Diagnostic {
  const before = text.slice(0, at).split('\n')
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1]
  return {
    path: 'index.ts',
    line,
    column,
    code: 'index',
    message: `index.ts names ${JSON.stringify(specifier)}, which does not exist.\n${codeFrame(text, line, column)}`,
    remedy: 'Create the function, or remove the line: functions are found without it.',
    behaviour: 'T1',
    severity: 'reject',
  }
}
