import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createLintCache } from '../lint/project/module-cache.js'
import { lintProjectFunction } from '../lint/project/lint-project-function.js'
import type { LintAnswer, LintQuestion, LintSettings } from './lint-pool.js'

const { allowedPackages } = workerData as LintSettings
const parseCache = createLintCache()

parentPort?.on('message', ({ id, file }: LintQuestion) => {
  const diagnostics = lintProjectFunction({ file, readFile, allowedPackages, parseCache })
  const answer: LintAnswer = { id, diagnostics }
  parentPort?.postMessage(answer)
})

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
