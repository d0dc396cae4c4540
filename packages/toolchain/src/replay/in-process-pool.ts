import { PlumbError } from '@plumb/protocol'
import type { FunctionOutcome, RunClock } from '@plumb/protocol'
import { createFunctionRequire, createRandomness, evaluateFunction } from '@plumb/runtime'
import type { FunctionHost, RunnerPool, TenantOrder } from '@plumb/runtime'
import { definitionOf, functionError, functionOf, runFunction } from '@plumb/sdk/runner'
import type { HostChannel } from '@plumb/sdk/runner'
import { stoppedGlobals } from '@plumb/sdk/replay'

type Require = (name: string) => unknown

/**
 * A runner pool without boxes, for a project's own tests: it runs functions that were verified in a box before, in the
 * process of the test. Deadlines are the test runner's business.
 */
export function openInProcessPool(): RunnerPool {
  return {
    run: async (order) => ({ outcome: await outcomeOf(order), cpuMs: null, memoryBytes: null }),
    describe: async ({ code, fileName = 'function.ts' }) => {
      const declared = functionOf(evaluateFunction(code, fileName, requireFor(null)))
      return definitionOf(declared)
    },
    close: async () => undefined,
  }
}

async function outcomeOf(order: TenantOrder): Promise<FunctionOutcome> {
  const { code, fileName, input, host, clock = null } = order
  try {
    const text = clock === null ? code : withStoppedGlobals(code)
    const declared = functionOf(evaluateFunction(text, fileName, requireFor(clock)))
    return { kind: 'returned', output: await runFunction(declared, channelOf(host), input) }
  } catch (error) {
    return { kind: 'threw', error: functionError(error, fileName) }
  }
}

const globalsModule = 'plumb:globals'

/** The names are those of the file, not of the process: nothing outside the function changes. */
function withStoppedGlobals(code: string): string {
  return `const { Date, Math, crypto } = require('${globalsModule}');\n{\n${code}\n}`
}

function requireFor(clock: RunClock | null): Require {
  const randomness = createRandomness()
  randomness.seed(clock?.seed ?? null)
  const requireModule = createFunctionRequire(randomness)
  if (clock === null) return requireModule
  const globals = stoppedGlobals(clock, randomness)
  return (name) => (name === globalsModule ? globals : requireModule(name))
}

function channelOf(host: FunctionHost): HostChannel {
  const { signal } = new AbortController()
  return {
    context: host.context,
    log: (level, message) => host.log(level, message),
    call: async (name, given) => {
      const method = host.methods.get(name)
      if (!method) throw unknownMethod(name)
      // A runner sends JSON, so what the host gets here is plain data as well.
      const plain: unknown = JSON.parse(JSON.stringify(given) ?? 'null')
      return method.call(method.args.parse(plain), signal)
    },
  }
}

function unknownMethod(name: string): PlumbError {
  return new PlumbError({
    code: 'runner-protocol',
    message: `The host has no method ${JSON.stringify(name)}.`,
    remedy: 'Use the same version of @plumb/sdk and @plumb/builder.',
  })
}
