import { chai } from '@vitest/expect'
import { getCurrentTest } from '@vitest/runner'
import { getTestName } from '@vitest/runner/utils'
import { format } from '@vitest/pretty-format'
import { getSerializers, stripSnapshotIndentation } from '@vitest/snapshot'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'

type Assertion = { readonly _obj: unknown }

/** Numbers of the snapshots a test has asked for, which tell its second from its first. */
const asked = new WeakMap<object, number>()

/** Adds the snapshot matchers to `expect`. They compare with what is written and never write. */
export function addSnapshotMatchers(): void {
  chai.use((_, utilities) => {
    const add = (name: string, matcher: (this: Assertion, ...given: unknown[]) => void) =>
      utilities.addMethod(chai.Assertion.prototype, name, matcher)
    add('toMatchInlineSnapshot', function (...given) {
      compare(this._obj, inlineOf(given))
    })
    add('toThrowErrorMatchingInlineSnapshot', function (...given) {
      compare(thrownBy(this._obj), inlineOf(given))
    })
    add('toMatchSnapshot', function () {
      compare(this._obj, stored())
    })
    add('toThrowErrorMatchingSnapshot', function () {
      compare(thrownBy(this._obj), stored())
    })
  })
}

/** The written text; properties may come before it. */
function inlineOf(given: readonly unknown[]): string | undefined {
  const text = given.find((one) => typeof one === 'string')
  return text === undefined ? undefined : stripSnapshotIndentation(text)
}

function thrownBy(value: unknown): unknown {
  if (typeof value !== 'function') return value
  try {
    ;(value as () => unknown)()
  } catch (error) {
    return error
  }
  throw new chai.AssertionError('The function was expected to throw, and did not.')
}

function compare(value: unknown, expected: string | undefined): void {
  const options = { escapeString: false, printBasicPrototype: false, plugins: getSerializers() }
  const actual = format(value, options)
  if (expected === undefined) {
    throw new chai.AssertionError(
      `There is no snapshot to compare with. Write it with vitest:\n${actual}`,
    )
  }
  if (actual.trim() === expected.trim()) return
  const message = 'The value differs from its snapshot.'
  throw new chai.AssertionError(message, { actual, expected: expected.trim(), showDiff: true })
}

/** The snapshot that vitest keeps for the running test beside its file. */
function stored(): string | undefined {
  const test = getCurrentTest()
  if (!test) return undefined
  const number = (asked.get(test) ?? 0) + 1
  asked.set(test, number)
  const { filepath } = test.file
  const path = join(dirname(filepath), '__snapshots__', `${basename(filepath)}.snap`)
  if (!existsSync(path)) return undefined
  const exports: Record<string, string> = {}
  runInNewContext(readFileSync(path, 'utf8'), { exports })
  return exports[`${getTestName(test)} ${number}`]
}
