import { describe, expect, test } from 'vitest'
import { buildSeccompFilter } from './seccomp-filter.js'
import { boxRules, landlockRules, olderLandlockRules } from './seccomp-rules.js'
import type { SeccompRule } from './seccomp-rules.js'
import { systemCalls } from './system-calls.js'

const allow = 0x7fff0000
const kill = 0x80000000
const errno = (number: number) => 0x00050000 | number
const x64 = 0xc000003e
const arm64 = 0xc00000b7

type Call = { readonly architecture: number; readonly number: number; readonly values?: bigint[] }

/** struct seccomp_data as the kernel shows it to a filter. */
function callData({ architecture, number, values = [] }: Call): Buffer {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number >>> 0, 0)
  data.writeUInt32LE(architecture, 4)
  values.forEach((value, index) => data.writeBigUInt64LE(value, 16 + 8 * index))
  return data
}

/** What the kernel's interpreter would answer; throws where its verifier would refuse the program. */
function evaluate(program: Buffer, call: Call): number {
  const data = callData(call)
  let register = 0
  for (let at = 0; at * 8 < program.length; at += 1) {
    const code = program.readUInt16LE(at * 8)
    const value = program.readUInt32LE(at * 8 + 4)
    if (code === 0x06) return value
    if (code === 0x20) register = data.readUInt32LE(value)
    else at += program.readUInt8(at * 8 + (holds(code, register, value) ? 2 : 3))
  }
  throw new Error('The program ends without an answer.')
}

function holds(code: number, register: number, value: number): boolean {
  if (code === 0x15) return register === value
  if (code === 0x35) return register >= value
  if (code === 0x45) return (register & value) !== 0
  throw new Error(`Unknown instruction ${code}.`)
}

const every = [...boxRules(false), ...landlockRules, ...olderLandlockRules]
const shell = buildSeccompFilter(every, 'x64')
const strict = buildSeccompFilter(boxRules(true), 'x64')
const call = (number: number, ...values: bigint[]): Call => ({ architecture: x64, number, values })

test('a program is short enough for the kernel and says something about each call', () => {
  expect(shell.length % 8).toBe(0)
  expect(shell.length / 8).toBeLessThanOrEqual(4096)
  for (let number = 0; number < 500; number += 1)
    expect(evaluate(shell, call(number))).toBeGreaterThan(0)
})

test('each call has one rule, because the first one decides', () => {
  for (const rules of [every, boxRules(true)]) {
    const names = rules.map((rule: SeccompRule) => rule.call)
    expect(new Set(names).size).toBe(names.length)
  }
})

test('another architecture ends the process, and x32 numbers do not exist', () => {
  expect(evaluate(shell, { architecture: arm64, number: 0 })).toBe(kill)
  expect(evaluate(shell, { architecture: 0x40000003, number: 26 })).toBe(kill)
  expect(evaluate(shell, call(0x40000000))).toBe(errno(38))
})

describe('arguments', () => {
  const [socket] = systemCalls.socket
  const [clone] = systemCalls.clone
  const [ioctl] = systemCalls.ioctl
  const [utimensat] = systemCalls.utimensat

  test.each([
    ['a Unix socket', shell, call(socket, 1n), allow],
    ['a TCP socket', shell, call(socket, 2n), errno(97)],
    ['a TCP socket with high bits', shell, call(socket, 2n ** 40n + 2n), errno(97)],
    ['any socket in a strict box', strict, call(socket, 1n), errno(97)],
    ['a child process', shell, call(clone, 17n), allow],
    ['a child process in a strict box', strict, call(clone, 17n), errno(1)],
    ['a thread in a strict box', strict, call(clone, 0x3d0f00n), allow],
    ['a thread with a new namespace in a strict box', strict, call(clone, 0x103d0f00n), errno(1)],
    ['a user namespace', shell, call(clone, 0x10000011n), errno(1)],
    ['typing into a terminal', shell, call(ioctl, 0n, 0x5412n), errno(1)],
    ['the second of two refused commands', shell, call(ioctl, 0n, 0x541cn), errno(1)],
    ['asking a terminal for its size', shell, call(ioctl, 0n, 0x5413n), allow],
    ['the times of an open file', shell, call(utimensat, 5n, 0n), allow],
    ['the times of a path', shell, call(utimensat, 5n, 0x7fff0000n), errno(1)],
    ['the times of a path at a round address', shell, call(utimensat, 5n, 2n ** 40n), errno(1)],
  ])('%s', (...[, program, made, answer]) => {
    expect(evaluate(program, made)).toBe(answer)
  })
})

test('arm64 has its own numbers', () => {
  const program = buildSeccompFilter(boxRules(true), 'arm64')
  const made = (number: number, ...values: bigint[]) =>
    evaluate(program, { architecture: arm64, number, values })
  expect(made(systemCalls.ptrace[1])).toBe(errno(1))
  expect(made(systemCalls.clone[1], 17n)).toBe(errno(1))
  // x64's number of ptrace is timer_settime's neighbour there, and harmless.
  expect(made(systemCalls.ptrace[0])).toBe(allow)
  expect(evaluate(program, { architecture: x64, number: 0 })).toBe(kill)
})
