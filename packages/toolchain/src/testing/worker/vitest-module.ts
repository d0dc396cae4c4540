import { chai } from '@vitest/expect'
import type { ExpectStatic } from '@vitest/expect'
import * as runner from '@vitest/runner'

/** What `from 'vitest'` gives a test file. */
export function vitestModule(vi: object, expect: ExpectStatic) {
  const { describe, it, suite, test, beforeAll, beforeEach, afterAll, afterEach } = runner
  const { onTestFailed, onTestFinished, aroundAll, aroundEach } = runner
  const globals = {
    ...{ describe, it, suite, test, beforeAll, beforeEach, afterAll, afterEach },
    ...{ onTestFailed, onTestFinished, aroundAll, aroundEach },
    ...{ expect, vi, vitest: vi, assert: chai.assert, should: chai.should.bind(chai), chai },
    assertType: () => undefined,
    expectTypeOf: () => anything,
  }
  const module = Object.defineProperty({ ...globals }, '__esModule', { value: true })
  return { globals, module }
}

/** Assertions about types hold: the compiler has checked them. */
const anything: object = new Proxy(() => undefined, {
  get: () => anything,
  apply: () => anything,
})
