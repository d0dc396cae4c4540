import type { FunctionClock } from './run-clock.js'

/** What a function finds as `process`: what harmless libraries ask for, and nothing of the machine. */
export function sealedProcess(clock: FunctionClock): object {
  const { version, versions, platform, arch } = process
  const nanoseconds = (): bigint => BigInt(Math.round(clock.now() * 1e6))
  const hrtime = (since?: [number, number]): [number, number] => {
    const at = nanoseconds()
    const past = since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1])
    return [Number((at - past) / 1_000_000_000n), Number((at - past) % 1_000_000_000n)]
  }
  return Object.freeze({
    env: Object.freeze({}),
    argv: Object.freeze(['node']),
    version,
    versions: Object.freeze({ ...versions }),
    platform,
    arch,
    browser: false,
    cwd: () => '/',
    emitWarning: () => undefined,
    exit: () => {
      throw new Error('process.exit is not available in a function. Return, or throw an error.')
    },
    hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
    nextTick: process.nextTick.bind(process),
    on: () => undefined,
    uptime: () => 0,
  })
}
