import {
  ASYMMETRIC_MATCHERS_OBJECT,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  addCustomEqualityTesters,
  chai,
  customMatchers,
  getState,
  setState,
} from '@vitest/expect'
import type { ExpectStatic, MatcherState } from '@vitest/expect'
import { getCurrentTest } from '@vitest/runner'
import type { Test } from '@vitest/runner'
import { createPoll } from './create-poll.js'
import { addSnapshotMatchers } from './snapshot-matchers.js'

type Chained = { withTest: (test: Test) => unknown; withContext: (context: object) => unknown }

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)
addSnapshotMatchers()

/** State of `expect` before a test has asserted anything. */
export const freshState = {
  assertionCalls: 0,
  isExpectingAssertions: false,
  isExpectingAssertionsError: null,
  expectedAssertionsNumber: null,
  expectedAssertionsNumberErrorGen: null,
} satisfies Partial<MatcherState>

/** The `expect` of the `vitest` module; with `test`, the one of that test's context. */
export function createExpect(test?: Test): ExpectStatic {
  const expect = ((value: unknown, message?: string) => {
    const state = getState(expect)
    setState({ assertionCalls: state.assertionCalls + 1 }, expect)
    const assertion = chai.expect(value, message) as unknown as Chained
    const running = test ?? getCurrentTest()
    return running ? assertion.withTest(running) : assertion
  }) as unknown as ExpectStatic
  const globals = globalThis as unknown as Record<symbol, object>
  Object.assign(expect, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT])
  setState({ ...freshState }, expect)
  addStatics(expect)
  return expect
}

function addStatics(expect: ExpectStatic): void {
  const soft = (...given: [unknown, string?]) =>
    (expect(...given) as unknown as Chained).withContext({ soft: true })
  Object.assign(expect, {
    getState: () => getState(expect),
    setState: (state: Partial<MatcherState>) => setState(state, expect),
    assert: chai.assert,
    extend: (matchers: object) => extend(expect, matchers),
    addEqualityTesters: addCustomEqualityTesters,
    addSnapshotSerializer: () => undefined,
    soft,
    poll: createPoll(expect),
    unreachable: (message = '') => chai.assert.fail(`expected ${message} not to be reached`),
  })
  chai.util.addMethod(expect as object, 'assertions', (expected: number) =>
    expectNumberOfAssertions(expect, expected),
  )
  chai.util.addMethod(expect as object, 'hasAssertions', () => {
    const isExpectingAssertionsError = new Error('expected any number of assertions, but got none')
    setState({ isExpectingAssertions: true, isExpectingAssertionsError }, expect)
  })
  extend(expect, customMatchers)
}

type Extending = { extend: (expect: ExpectStatic, matchers: object) => void }

/** chai's own `expect` has the method; it needs to be called on it. */
function extend(expect: ExpectStatic, matchers: object): void {
  const own = chai.expect as unknown as Extending
  own.extend(expect, matchers)
}

function expectNumberOfAssertions(expect: ExpectStatic, expected: number): void {
  const expectedAssertionsNumberErrorGen = () =>
    new Error(`expected ${expected} assertions, but got ${getState(expect).assertionCalls}`)
  setState({ expectedAssertionsNumber: expected, expectedAssertionsNumberErrorGen }, expect)
}

/** Makes an `expect` for the module, which matchers find as the one in use. */
export function createGlobalExpect(): ExpectStatic {
  const expect = createExpect()
  Object.defineProperty(globalThis, GLOBAL_EXPECT, {
    ...{ value: expect, writable: true, configurable: true },
  })
  return expect
}
