import inspector from 'node:inspector'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

/*
 * A test that waits in vain is ended by its time limit. One that never gives way again, or a file that never ends to
 * load, is ended here and named: a thread beside it counts the seconds, and kills the process. The other files go on.
 */

/** For loading a file and for its hooks. */
const otherSeconds = 900

const program = `
const { parentPort } = require('node:worker_threads')
const { writeSync } = require('node:fs')
let timer
parentPort.on('message', ({ what, seconds }) => {
  clearTimeout(timer)
  if (seconds === 0) return
  timer = setTimeout(() => {
    writeSync(2, '\\nEnded after ' + seconds + ' seconds: ' + what + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }, seconds * 1000)
})`

/** One thread for each process, which may run several files. */
function openWatch(): Worker {
  const kept = globalThis as { plumbWatch?: Worker }
  kept.plumbWatch ??= new Worker(program, { eval: true, execArgv: [], env: {} })
  kept.plumbWatch.unref()
  return kept.plumbWatch
}

/** What is under way from now on, and for how many seconds it may be; 0: for ever. */
function begin(watch: Worker, what: string, seconds: number): void {
  watch.postMessage({ what, seconds: Math.ceil(seconds) })
}

// Somebody who debugs looks at one place for long.
if (inspector.url() === undefined) {
  const watch = openWatch()
  const file = expect.getState().testPath ?? ''
  begin(watch, `loading ${file}`, otherSeconds)
  beforeAll(() => begin(watch, `hooks of ${file}`, otherSeconds))
  beforeEach(({ task }) => begin(watch, `${file} > ${task.name}`, (2 * task.timeout) / 1000))
  afterEach(() => begin(watch, `hooks of ${file}`, otherSeconds))
  afterAll(() => begin(watch, '', 0))
}
