import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { environment } from '../config.js'
import type { FileResult } from './test-run.js'
import type { Job, WorkerReport } from './worker/messages.js'

/** Milliseconds a test may be late before its process is ended; the process itself reports its timeouts. */
const graceMs = 5000
const heapLimitMb = 512
/** Found by name: importing the catalog takes longer than starting a process. */
const paginationDefaults = '@plumb/providers/pagination-defaults.json'
/** A worker whose memory is above this many bytes is replaced before its next file. */
const recycleAboveBytes = 420 * 2 ** 20

/** A process that runs test files one at a time, and is replaced when one of them takes it down. */
export class TestWorker {
  #process: ChildProcess | undefined
  #ready: Promise<void> | undefined
  #memory = 0
  #errors = ''
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Starts the process ahead of its first file. */
  start(): void {
    void this.#started().catch(() => undefined)
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  async run(job: Job): Promise<FileResult> {
    if (this.#memory > recycleAboveBytes) this.close()
    const child = await this.#started()
    return new Promise((resolve) => {
      const settle = this.#settling(child, job, resolve)
      child.send(job, (error) => {
        if (error) settle.lost(`could not be sent to its worker: ${error.message}`)
      })
    })
  }

  close(): void {
    this.#process?.removeAllListeners()
    this.#process?.kill('SIGKILL')
    this.#process = undefined
    this.#ready = undefined
    this.#memory = 0
  }

  #started(): Promise<ChildProcess> {
    const child = (this.#process ??= this.#spawn())
    this.#ready ??= new Promise((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) =>
        reject(
          new Error(`A test worker ended at its start (${code ?? 'killed'}). ${this.#errors}`),
        ),
      )
    })
    return this.#ready.then(() => child)
  }

  #spawn(): ChildProcess {
    this.#errors = ''
    const child = fork(
      workerEntry(),
      [createRequire(import.meta.url).resolve(paginationDefaults)],
      {
        cwd: this.#directory,
        execArgv: [
          `--max-old-space-size=${heapLimitMb}`,
          '--no-warnings',
          '--min-semi-space-size=32',
          '--max-semi-space-size=32',
        ],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...environment(), NODE_ENV: 'test', VITEST: 'true', TEST: 'true' },
      },
    )
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString()}`.slice(-4000)
    })
    return child
  }

  #settling(child: ChildProcess, job: Job, resolve: (result: FileResult) => void) {
    let test = ''
    const end = (result: FileResult) => {
      clearTimeout(timer)
      child.off('message', hear)
      child.off('exit', exited)
      resolve(result)
    }
    const lose = (reason: 'timeout' | 'crashed', message: string) => {
      this.close()
      end({ passed: 0, failed: 1, skipped: 0, warnings: [], failures: [{ test, reason, message }] })
    }
    const late = () =>
      lose('timeout', `did not end within ${job.timeoutMs} ms, and its process had to be ended`)
    let timer = setTimeout(late, job.timeoutMs + graceMs)
    const exited = (code: number | null, signal: string | null) =>
      lose('crashed', this.#lastWords(code, signal))
    const hear = (report: WorkerReport) => {
      if (report.kind === 'finished') {
        this.#memory = report.memoryBytes
        return end(report.result)
      }
      if (report.kind === 'started') test = report.test
      clearTimeout(timer)
      timer = setTimeout(late, job.timeoutMs + graceMs)
    }
    child.on('message', hear)
    child.once('exit', exited)
    return { lost: (message: string) => lose('crashed', message) }
  }

  #lastWords(code: number | null, signal: string | null): string {
    if (/heap out of memory/.test(this.#errors)) return `ran out of memory (${heapLimitMb} MB)`
    const how = signal ? `was killed by ${signal}` : `ended with code ${code ?? 'unknown'}`
    return `its process ${how}. ${this.#errors.trim().slice(-500)}`.trim()
  }
}

/** The bundled worker, also when this file runs from its source. */
function workerEntry(): string {
  return fileURLToPath(new URL('../../dist/test-worker.mjs', import.meta.url))
}
