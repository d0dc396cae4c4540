import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Sandbox, SandboxLimits, SandboxPolicy } from '../sandbox.js'
import type { Attack, Box, Target } from './attack.js'
import type { OpenTarget } from './attack-target.js'
import { attackLimits } from './resource-attacks.js'

export type AttackResult = {
  readonly escapes: readonly string[]
  /** Whether the program got to its end; one that did not has attacked nothing, unless it was ended for it. */
  readonly finished: boolean
  readonly output: string
}

const preamble = `
const fs = require('fs'), net = require('net'), childProcess = require('child_process')
const escaped = (what = '') => console.log('ESCAPED ' + what)
const attempt = async (action) => { try { await action() } catch (error) { console.log('refused ' + (error.code ?? error.message)) } }
`

const program = (attack: Attack, target: Target) =>
  `${preamble}(async () => { await attempt(async () => {${attack.code(target)}\n}); console.log('FINISHED') })()`

const roomyLimits: SandboxLimits = {
  memoryBytes: 800_000_000,
  cpuSeconds: 20,
  processes: 96,
  fileBytes: 16_000_000,
  tmpBytes: 8_000_000,
}

/** Node.js 24 and later take 560 MB more for themselves. */
const ownMemory = Number(process.versions.node.split('.')[0]) >= 24 ? 560_000_000 : 0

/** The policies of the two boxes, as the rest of Plumb uses them. */
export function policyOf(box: Box, target: OpenTarget, limits = roomyLimits): SandboxPolicy {
  const same = (path: string) => ({ outside: path, inside: path })
  const withMemory = { ...limits, memoryBytes: limits.memoryBytes + ownMemory }
  if (box === 'runner')
    return {
      ...{ readOnly: [], writable: [], sockets: [], env: {}, cwd: '/', strict: true },
      limits: { ...withMemory, tmpBytes: 0 },
    }
  return {
    readOnly: [same(target.readOnlyFile), same(target.guardedFile)],
    writable: [same(target.workspace)],
    sockets: [same(target.allowedSocket)],
    env: {},
    cwd: target.workspace,
    limits: withMemory,
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk)
  return text
}

function resultOf(output: string): AttackResult {
  const lines = output.split('\n')
  const escapes = lines.filter((line) => line.startsWith('ESCAPED'))
  return { escapes, finished: lines.includes('FINISHED'), output }
}

/** Runs code of the attack's language in a box. */
export async function runInBox(
  sandbox: Sandbox,
  policy: SandboxPolicy,
  code: string,
): Promise<AttackResult> {
  const boxed = sandbox.spawn(policy, [process.execPath, '-e', code])
  const [output, errors] = await Promise.all([textOf(boxed.stdout), textOf(boxed.stderr)])
  await boxed.exited
  return resultOf(`${output}${errors}`)
}

/** Runs one attack in the box. */
export async function runAttack(
  attack: Attack,
  setting: { sandbox: Sandbox; box: Box; target: OpenTarget; exhausting: boolean },
): Promise<AttackResult> {
  const limits = setting.exhausting ? attackLimits : roomyLimits
  const policy = policyOf(setting.box, setting.target, limits)
  return runInBox(setting.sandbox, policy, program(attack, setting.target))
}

/** Runs one attack as an ordinary process of the host, where it should succeed. */
export async function runOutside(attack: Attack, target: Target): Promise<AttackResult> {
  const child = spawn(process.execPath, ['-e', program(attack, target)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { SECRET: target.secret },
    cwd: target.workspace,
  })
  const [output, errors] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ])
  return resultOf(`${output}${errors}`)
}
