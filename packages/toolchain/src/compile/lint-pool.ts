import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import { Worker } from 'node:worker_threads'
import type { Diagnostic } from './diagnostic.js'

export type LintSettings = { readonly allowedPackages: readonly string[] }
export type LintQuestion = { readonly id: string; readonly file: string }
export type LintAnswer = { readonly id: string; readonly diagnostics: readonly Diagnostic[] }

/** The same file from `src` and from `dist`. */
const workerFile = new URL('../../dist/lint-worker.cjs', import.meta.url)
/** Questions sent ahead of their answers, so that an aborted lint ends soon. */
const ahead = 8

/** Asks the project's lint about many functions in a thread of its own. Diagnostics by the question's id. */
export async function lintInThread(
  questions: readonly LintQuestion[],
  settings: LintSettings,
  signal: AbortSignal,
): Promise<Map<string, readonly Diagnostic[]>> {
  const answers = new Map<string, readonly Diagnostic[]>()
  if (questions.length === 0) return answers
  if (!existsSync(workerFile)) throw notBuilt()
  const worker = new Worker(workerFile, {
    workerData: settings,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  const waiting = questions.values()
  const next = (): void => {
    const { value } = waiting.next()
    if (value !== undefined) worker.postMessage({ id: value.id, file: value.file })
  }
  const abort = (): void => void worker.terminate()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', ({ id, diagnostics }: LintAnswer) => {
        answers.set(id, diagnostics)
        if (answers.size === questions.length) resolve()
        next()
      })
      worker.on('error', reject)
      worker.on('exit', () => resolve())
      for (let sent = 0; sent < ahead; sent += 1) next()
    })
  } finally {
    signal.removeEventListener('abort', abort)
    await worker.terminate()
  }
  signal.throwIfAborted()
  return answers
}

function notBuilt(): PlumbError {
  return new PlumbError({
    code: 'internal',
    message: `The lint's thread ${fileURLToPath(workerFile)} does not exist.`,
    remedy: 'Run `npm run build`.',
  })
}
