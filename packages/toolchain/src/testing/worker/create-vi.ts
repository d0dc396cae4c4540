import * as spy from '@vitest/spy'
import type { Config } from '@sinonjs/fake-timers'
import { environment } from '../../config.js'
import { automock } from './automock.js'
import { FakeTimers } from './fake-timers.js'
import type { ModuleRegistry } from './module-registry.js'
import { waitFor, waitUntil } from './wait-for.js'

type MockFactory = (importOriginal: () => Promise<unknown>) => unknown
type Place = { readonly registry: ModuleRegistry; readonly file: () => string }

/** The `vi` of one worker, and `restore`, which takes back what a test file did with it. */
export function createVi(place: Place) {
  const timers = new FakeTimers()
  const stubs = createStubs()
  const vi = {
    ...{ fn: spy.fn, spyOn: spy.spyOn, isMockFunction: spy.isMockFunction },
    mocked: (value: unknown) => value,
    hoisted: (factory: () => unknown) => factory(),
    mockObject: (value: unknown) => automock(value),
    waitFor: (check: () => unknown, options?: object | number) => waitFor({ check, options, vi }),
    waitUntil: (check: () => unknown, options?: object | number) =>
      waitUntil({ check, options, vi }),
    setConfig: () => undefined,
    resetConfig: () => undefined,
    dynamicImportSettled: async () => undefined,
  }
  const chain = (all: Record<string, (...given: never[]) => void>) => chained(vi, all)
  Object.assign(
    vi,
    chain({
      clearAllMocks: spy.clearAllMocks,
      resetAllMocks: spy.resetAllMocks,
      restoreAllMocks: spy.restoreAllMocks,
    }),
    chain(stubs),
    chain(timerControls(timers)),
    asyncTimerControls(timers),
    timerQuestions(timers),
    moduleControls(place),
  )
  place.registry.automock = automock
  const restore = () => {
    timers.useRealTimers()
    stubs.unstubAllGlobals()
    stubs.unstubAllEnvs()
    spy.restoreAllMocks()
    spy.resetAllMocks()
  }
  return { vi: vi as typeof vi & Record<string, unknown> & ViTimers, restore }
}

export type ViTimers = {
  isFakeTimers: () => boolean
  advanceTimersByTime: (ms: number) => unknown
}

/** Functions that answer with `vi`, so that calls can be chained. */
function chained(vi: object, all: Record<string, (...given: never[]) => void>) {
  const entries = Object.entries(all).map(([name, run]) => [
    name,
    (...given: never[]) => {
      run(...given)
      return vi
    },
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}

function timerControls(timers: FakeTimers): Record<string, (...given: never[]) => void> {
  return {
    useFakeTimers: (options?: Config) => timers.useFakeTimers(options),
    useRealTimers: () => timers.useRealTimers(),
    setSystemTime: (moment?: number | string | Date) => timers.setSystemTime(moment),
    runAllTimers: () => timers.clock.runAll(),
    runOnlyPendingTimers: () => timers.clock.runToLast(),
    runAllTicks: () => timers.clock.runMicrotasks(),
    advanceTimersByTime: (ms: number) => timers.clock.tick(ms),
    advanceTimersToNextTimer: () => {
      timers.clock.next()
      timers.clock.tick(0)
    },
    advanceTimersToNextFrame: () => timers.clock.runToFrame(),
    clearAllTimers: () => timers.clock.reset(),
  }
}

function asyncTimerControls(timers: FakeTimers) {
  return {
    runAllTimersAsync: async () => void (await timers.clock.runAllAsync()),
    runOnlyPendingTimersAsync: async () => void (await timers.clock.runToLastAsync()),
    advanceTimersByTimeAsync: async (ms: number) => void (await timers.clock.tickAsync(ms)),
    advanceTimersToNextTimerAsync: async () => {
      await timers.clock.nextAsync()
      timers.clock.tick(0)
    },
  }
}

function timerQuestions(timers: FakeTimers) {
  const realNow = Date.now
  return {
    isFakeTimers: () => timers.isFakeTimers(),
    getTimerCount: () => timers.clock.countTimers(),
    getMockedSystemTime: () => timers.getMockedSystemTime(),
    getRealSystemTime: () => realNow(),
  }
}

function moduleControls({ registry, file }: Place) {
  const mock = (path: string, factory?: MockFactory | object) => {
    registry.mock(path, {
      from: file(),
      factory: typeof factory === 'function' ? (factory as MockFactory) : null,
    })
  }
  const unmock = (path: string) => registry.unmock(path, file())
  return {
    ...{ mock, unmock, doMock: mock, doUnmock: unmock },
    importActual: (path: string) => registry.importActual(path, file()),
    importMock: (path: string) => registry.importMock(path, file()),
    resetModules: () => registry.reset(),
  }
}

/** Replaces globals and environment variables, and puts back what was there. */
function createStubs() {
  const globals = new Map<PropertyKey, PropertyDescriptor | undefined>()
  const variables = new Map<string, string | undefined>()
  return {
    stubGlobal: (name: PropertyKey, value: unknown) => {
      if (!globals.has(name)) globals.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
      Object.defineProperty(globalThis, name, {
        ...{ value, writable: true, configurable: true, enumerable: true },
      })
    },
    stubEnv: (name: string, value: string | undefined) => {
      if (!variables.has(name)) variables.set(name, environment()[name])
      setVariable(name, value)
    },
    unstubAllGlobals: () => {
      for (const [name, before] of globals) {
        if (before) Object.defineProperty(globalThis, name, before)
        else Reflect.deleteProperty(globalThis, name)
      }
      globals.clear()
    },
    unstubAllEnvs: () => {
      for (const [name, before] of variables) setVariable(name, before)
      variables.clear()
    },
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(environment(), name)
  else environment()[name] = value
}
