import koffi from 'koffi'
import { isFilterArchitecture } from '../seccomp/seccomp-filter.js'
import { systemCalls } from '../seccomp/system-calls.js'
import type { SystemCall } from '../seccomp/system-calls.js'

/** A number, or memory that the call is given the address of. */
export type KernelValue = number | bigint | Buffer

/** System calls of this process's main thread. */
export type Kernel = {
  /** Answers the result, -1 on failure. */
  readonly try: (call: SystemCall, ...values: KernelValue[]) => number
  /** Answers the result; throws with the call's name and errno on failure. */
  readonly call: (call: SystemCall, ...values: KernelValue[]) => number
}

/** A string as C has it. */
export const cString = (text: string): Buffer => Buffer.from(`${text}\0`)

/** Memory holding the addresses of `items`, ended by null; valid as long as the items are referenced. */
export function pointerArray(items: readonly Buffer[]): Buffer {
  const pointers = Buffer.alloc(8 * (items.length + 1))
  items.forEach((item, index) => pointers.writeBigUInt64LE(koffi.address(item), 8 * index))
  return pointers
}

/** Takes `syscall` from the C library that this process has loaded already. */
export function openKernel(): Kernel {
  if (!isFilterArchitecture(process.arch)) throw new Error(`No system calls for ${process.arch}.`)
  const column = process.arch === 'x64' ? 0 : 1
  const words = ['number', 'a', 'b', 'c', 'd', 'e', 'f'].map((name) => `int64_t ${name}`)
  const syscall = koffi.load(null).func(`int64_t syscall(${words.join(', ')})`)
  const attempt = (call: SystemCall, ...values: KernelValue[]) => {
    const numbers = values.map((value) => (Buffer.isBuffer(value) ? koffi.address(value) : value))
    const padded = [...numbers, 0, 0, 0, 0, 0, 0].slice(0, 6)
    return Number(syscall(systemCalls[call][column], ...padded))
  }
  return {
    try: attempt,
    call(call, ...values) {
      const result = attempt(call, ...values)
      if (result < 0) throw new Error(`${call} failed with errno ${koffi.errno()}`)
      return result
    },
  }
}
