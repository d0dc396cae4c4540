import { setFlagsFromString } from 'node:v8'

/** From V8 12 on a second compiler takes code over after some hundred calls. */
const compilesSooner = 12

/**
 * Asks V8 to compile code that runs often seven times sooner. It counts in bytes of code run, which a server that is
 * asked now and then reaches for most of its code only after minutes; until then each call takes a third longer.
 */
export function compileSooner(): void {
  if (Number.parseInt(process.versions.v8) < compilesSooner) {
    setFlagsFromString('--interrupt-budget=10000')
  }
}
