import { agentBox, bothBoxes } from './attack.js'
import type { Attack } from './attack.js'

/** Limits under which the attacks below run, and how far each goes before it says that nothing stopped it. */
export const attackLimits = {
  memoryBytes: 400_000_000,
  cpuSeconds: 2,
  processes: 48,
  fileBytes: 6_000_000,
  tmpBytes: 8_000_000,
}

/** Twice the limit is well beyond it and far from hurting the machine; Node.js 24 starts with 560 MB of its own. */
const bombBytes = 1_400_000_000
const chunk = 10_000_000
const spawned = 200

/** Well beyond the limit; by what it has computed itself, since others may leave it little time. */
const isAllowed = `process.cpuUsage().user < ${5 * attackLimits.cpuSeconds}e6`

const untilTooMuch = (grow: string) => `
  const kept = []
  let bytes = 0
  while (bytes < ${bombBytes}) { ${grow}; bytes += ${chunk} }
  escaped(kept.length)`

const fill = (folder: string) => `
  const folder = ${folder}
  const made = []
  let bytes = 0
  await attempt(() => {
    for (let index = 0; index < 8; index += 1) {
      const path = folder + '/fill-' + process.pid + '-' + index
      made.push(path)
      fs.writeFileSync(path, Buffer.alloc(4_000_000, 1))
      bytes += 4_000_000
    }
  })
  for (const path of made) fs.rmSync(path, { force: true })
  if (bytes > ${2 * attackLimits.tmpBytes}) escaped(bytes)`

const noQuota =
  'Landlock bounds one file, not a folder: there is no mount of its own to give a size.'
export const resourceAttacks: readonly Attack[] = [
  {
    name: 'takes memory as objects',
    boxes: bothBoxes,
    deadly: true,
    code: () => untilTooMuch(`kept.push(new Array(${chunk / 8}).fill(0.5))`),
  },
  {
    name: 'takes memory as Buffers',
    boxes: bothBoxes,
    deadly: true,
    code: () => untilTooMuch(`kept.push(Buffer.alloc(${chunk}, 1))`),
  },
  {
    name: 'takes memory as WebAssembly',
    boxes: bothBoxes,
    deadly: true,
    code: () =>
      untilTooMuch(
        `const memory = new WebAssembly.Memory({ initial: ${Math.ceil(chunk / 65536)} })
         new Uint8Array(memory.buffer).fill(1)
         kept.push(memory)`,
      ),
  },
  {
    name: 'takes memory as SharedArrayBuffers',
    boxes: bothBoxes,
    deadly: true,
    code: () => untilTooMuch(`kept.push(new Uint8Array(new SharedArrayBuffer(${chunk})).fill(1))`),
  },
  {
    name: 'computes for ever',
    boxes: bothBoxes,
    deadly: true,
    code: () => `while (${isAllowed}); escaped()`,
  },
  {
    name: 'computes for ever in a regular expression',
    boxes: bothBoxes,
    deadly: true,
    code: () => '/^(a+)+$/.test("a".repeat(40) + "b"); escaped()',
  },
  {
    name: 'never leaves the microtask queue',
    boxes: bothBoxes,
    deadly: true,
    code: () => `while (${isAllowed}) await null; escaped()`,
  },
  {
    name: 'fills the temporary folder',
    boxes: agentBox,
    code: () => fill('process.env.TMPDIR ?? "/tmp"'),
    exceptions: { 'landlock agent box': noQuota },
  },
  {
    name: 'fills shared memory',
    boxes: bothBoxes,
    code: () => fill('"/dev/shm"'),
  },
  {
    name: 'writes a file without end',
    boxes: agentBox,
    deadly: true,
    code: ({ workspace }) => `
      const path = ${JSON.stringify(workspace)} + '/endless'
      await attempt(() => {
        for (let index = 0; index < 20; index += 1) fs.appendFileSync(path, Buffer.alloc(1_000_000, 1))
      })
      if (fs.statSync(path).size > ${attackLimits.fileBytes}) escaped(fs.statSync(path).size)`,
  },
  {
    name: 'starts processes without end',
    boxes: agentBox,
    deadly: true,
    code: () => `
      const started = []
      for (let index = 0; index < ${spawned}; index += 1) {
        const child = childProcess.spawn('/bin/sleep', ['10']).on('error', () => 0)
        if (child.pid) started.push(child)
      }
      for (const child of started) child.kill('SIGKILL')
      if (started.length > ${attackLimits.processes}) escaped(started.length)`,
  },
]
