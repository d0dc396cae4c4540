// Writes every result as it comes, one line of JSON each, for ci.mjs: a crash of the tests leaves what came before it.
import { appendFileSync } from 'node:fs'

const write = (what, name) =>
  appendFileSync(process.env.PLUMB_CI_RESULTS, `${JSON.stringify([what, name])}\n`)

export default class CiReporter {
  onTestModuleQueued({ relativeModuleId }) {
    write('began', relativeModuleId)
  }

  onTestCaseResult(test) {
    const { state } = test.result()
    const name = `${test.module.relativeModuleId} > ${test.fullName}`
    if (state === 'passed' || state === 'failed') write(state, name)
  }

  /** A file that cannot be loaded, or whose hooks fail, has no test that failed. */
  onTestModuleEnd(module) {
    const { relativeModuleId, children } = module
    write('ended', relativeModuleId)
    const failed = [...children.allTests('failed')]
    if (!module.ok() && failed.length === 0) write('failed', relativeModuleId)
  }

  onTestRunEnd(_modules, errors) {
    for (const { message } of errors)
      write('failed', `outside of tests: ${String(message).split('\n')[0]}`)
  }
}
