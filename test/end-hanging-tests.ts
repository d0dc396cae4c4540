import inspector from 'node:inspector'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

/*
 * A test that waits in vain is ended by its time limit. One that never gives way again, or a file that never ends to
 * load, is ended here and named: a thread beside it counts the seconds, and kills the process. The other files go on.
 */

/** For loading a file and for its hooks. */
const otherSeconds = 900
const nameBytes = 2000

type Watch = { readonly numbers: Int32Array; readonly name: Uint8Array }

const program = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const numbers = new Int32Array(workerData, 0, 2)
const name = new Uint8Array(workerData, 8)
let [step, seconds] = [-1, 0]
setInterval(() => {
  seconds = step === numbers[0] ? seconds + 1 : 0
  step = numbers[0]
  if (numbers[1] === 0 || seconds < numbers[1]) return
  const text = Buffer.from(name.slice(0, name.indexOf(0))).toString()
  writeSync(2, '\\nEnded after ' + seconds + ' seconds: ' + text + '\\n')
  process.kill(process.pid, 'SIGKILL')
}, 1000)`

/** One thread for each process, which may run several files. */
function openWatch(): Watch {
  const known = (globalThis as { plumbWatch?: Watch }).plumbWatch
  if (known !== undefined) return known
  const memory = new SharedArrayBuffer(8 + nameBytes + 1)
  new Worker(program, { eval: true, workerData: memory, execArgv: [], env: {} }).unref()
  const watch = {
    numbers: new Int32Array(memory, 0, 2),
    name: new Uint8Array(memory, 8, nameBytes),
  }
  Object.assign(globalThis, { plumbWatch: watch })
  return watch
}

/** What is under way from now on, and for how many seconds it may be; 0: for ever. */
function begin({ numbers, name }: Watch, what: string, seconds: number): void {
  name.fill(0)
  new TextEncoder().encodeInto(what, name)
  numbers[1] = Math.ceil(seconds)
  Atomics.add(numbers, 0, 1)
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
