import type { ArgumentTest, SeccompRule } from './seccomp-rules.js'
import { systemCalls } from './system-calls.js'

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number]

const LOAD = 0x20
const JUMP_EQUAL = 0x15
const JUMP_GREATER_EQUAL = 0x35
const JUMP_ANY_BIT = 0x45
const RETURN = 0x06

const KILL_PROCESS = 0x80000000
const ERRNO = 0x00050000
const ALLOW = 0x7fff0000
const ENOSYS = 38

const NUMBER_AT = 0
const ARCHITECTURE_AT = 4
const ARGUMENTS_AT = 16

const X32_BIT = 0x40000000
/** [AUDIT_ARCH_*, column of the system call table]. */
const architectures = { x64: [0xc000003e, 0], arm64: [0xc00000b7, 1] } as const

export type FilterArchitecture = keyof typeof architectures

/** The architectures a filter can be built for. */
export function isFilterArchitecture(name: string): name is FilterArchitecture {
  return name in architectures
}

const lowWord = (argument: number) => ARGUMENTS_AT + 8 * argument

/** Ends in a refusal with `errno`, or falls through behind its last instruction. */
function testInstructions(test: ArgumentTest, errno: number): Instruction[] {
  const load: Instruction = [LOAD, 0, 0, lowWord(test.argument)]
  const refuse: Instruction = [RETURN, 0, 0, ERRNO | errno]
  switch (test.kind) {
    case 'if-equal':
      return [load, [JUMP_EQUAL, 0, 1, test.value], refuse]
    case 'unless-equal':
      return [load, [JUMP_EQUAL, 1, 0, test.value], refuse]
    case 'if-any-bit':
      return [load, [JUMP_ANY_BIT, 0, 1, test.value], refuse]
    case 'unless-any-bit':
      return [load, [JUMP_ANY_BIT, 1, 0, test.value], refuse]
    case 'if-not-null':
      return [
        load,
        [JUMP_EQUAL, 0, 2, 0],
        [LOAD, 0, 0, lowWord(test.argument) + 4],
        [JUMP_EQUAL, 1, 0, 0],
        refuse,
      ]
  }
}

function ruleInstructions(rule: SeccompRule, column: 0 | 1): Instruction[] {
  const number = systemCalls[rule.call][column]
  if (number === null) return []
  const body: Instruction[] = rule.tests
    ? [
        ...rule.tests.flatMap((test) => testInstructions(test, rule.errno)),
        // The tests have replaced the call number in the register, and each call has one rule.
        [RETURN, 0, 0, ALLOW],
      ]
    : [[RETURN, 0, 0, ERRNO | rule.errno]]
  return [[JUMP_EQUAL, 0, body.length, number], ...body]
}

/**
 * The classic BPF program (struct sock_filter[], 8 bytes each, little endian) that refuses what the rules name and
 * allows the rest. A call from another architecture (i386 on x64) ends the process; x32 calls do not exist.
 */
export function buildSeccompFilter(
  rules: readonly SeccompRule[],
  architecture: FilterArchitecture,
): Buffer {
  const [audit, column] = architectures[architecture]
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE_AT],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_AT],
    [JUMP_GREATER_EQUAL, 0, 1, X32_BIT],
    [RETURN, 0, 0, ERRNO | ENOSYS],
    ...rules.flatMap((rule) => ruleInstructions(rule, column)),
    [RETURN, 0, 0, ALLOW],
  ]
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, jumpTrue, jumpFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(jumpTrue, index * 8 + 2)
    bytes.writeUInt8(jumpFalse, index * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4)
  })
  return bytes
}
