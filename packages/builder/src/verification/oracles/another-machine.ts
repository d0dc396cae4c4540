import type { CompiledFunction } from '@plumb/protocol'
import { ownCode } from './source-literals.js'

/**
 * The function as it would find itself on another machine: stack traces name other files, functions print as built-in
 * ones do, and its process is another. Null when its source asks for nothing of that.
 */
export function onAnotherMachine(compiled: CompiledFunction): CompiledFunction | null {
  const own = ownCode(compiled.code)
  if (!asksWhereItIs.test(own) && !makesErrors(own)) return null
  const code = `${otherMachine}\n${compiled.code}`
  return { ...compiled, code, sourceHash: `${compiled.sourceHash} elsewhere` }
}

const printsFunctions = String.raw`\.(toString|toSource)\s*\(\s*\)\s*\.\s*(includes|match|indexOf|search|startsWith|endsWith|length)\b|\bString\s*\([^()]*\)\s*\.\s*(includes|match|indexOf|search|length)\b|\bFunction\b|native code|\.test\s*\(\s*(String\s*\(|[\w.]+\.toString\b)`
const asksWhereItIs = new RegExp(
  String.raw`\bstack\b|\b(prepare|capture)StackTrace\b|\bprocess\b|\bperformance\b|\bnavigator\b|\bglobalThis\b|\b__(file|dir)name\b|${printsFunctions}`,
)

/** Whoever makes an error and does not throw it wants something that it holds, under whatever name. */
function makesErrors(code: string): boolean {
  return /\b\w*Error\s*[(.[]/.test(code.replace(/\bthrow\s+new\s+[\w.$]+\(/g, ''))
}

/** Lasts as long as its process, so a run with it needs one of its own. */
const otherMachine = `(() => {
  const put = (object, name, value) => Object.defineProperty(object, name, { value, writable: true, configurable: true });
  const lines = ['handle (/srv/service/build/main.js:4120:17)', 'async serve (/srv/service/build/main.js:812:5)'];
  put(Error, 'prepareStackTrace', (error) => [String(error), ...lines].join('\\n    at '));
  put(Function.prototype, 'toString', function () { return 'function ' + this.name + '() { [native code] }'; });
  const { versions } = process;
  put(globalThis, 'process', Object.freeze({
    ...process, version: 'v22.99.1', versions: { ...versions, node: '22.99.1' }, platform: 'darwin', arch: 'arm64',
    env: Object.freeze({ NODE_ENV: 'production' }), argv: ['node', '/srv/service/build/main.js'],
    cwd: () => '/srv/service', uptime: () => 86412.7,
  }));
  const { now } = performance;
  put(globalThis, 'performance', Object.freeze({ now: () => now() % 1e7, timeOrigin: now() - (now() % 1e7), mark: () => undefined, measure: () => undefined }));
})();`
