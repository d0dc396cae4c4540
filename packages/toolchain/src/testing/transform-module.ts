import type * as esbuild from 'esbuild'
import type { Loader, TransformOptions } from 'esbuild'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import type { SourceModule } from './worker/messages.js'

const require = createRequire(import.meta.url)

/** Loaded when it is first needed: a worker rarely needs it. */
function compiler(): typeof esbuild {
  return require('esbuild') as typeof esbuild
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.json': 'json',
}

const mocksModules = /\bvi(?:test)?\s*\.\s*(?:mock|unmock|hoisted)\s*\(/
const waitsAtTop = /Top-level await is currently not supported with the "cjs"/

/** Makes a source file evaluable; rejects with esbuild's failure when it does not compile. */
export async function transformModule(
  path: string,
  text: string,
): Promise<Omit<SourceModule, 'links'>> {
  if (mocksModules.test(text))
    return asyncBody(path, await compiler().transform(text, optionsFor(path, 'esm')))
  try {
    return {
      path,
      form: 'commonjs',
      code: (await compiler().transform(text, optionsFor(path, 'cjs'))).code,
    }
  } catch (error) {
    if (!waitsAtTop.test(String(error))) throw error
    return asyncBody(path, await compiler().transform(text, optionsFor(path, 'esm')))
  }
}

/** The same for a file nobody knew would be imported, such as one whose name is computed. */
export function transformModuleNow(path: string, text: string): SourceModule {
  return {
    path,
    form: 'commonjs',
    links: {},
    code: compiler().transformSync(text, optionsFor(path, 'cjs')).code,
  }
}

function optionsFor(path: string, format: 'cjs' | 'esm'): TransformOptions {
  return {
    format,
    loader: loaders[extname(path)] ?? 'js',
    sourcefile: path,
    platform: 'node',
    target: 'node20',
    define: {
      'import.meta': '__importMeta',
      'import.meta.vitest': 'undefined',
    },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, verbatimModuleSyntax: false } },
    logLevel: 'silent',
  }
}

const importLine = /^import (?:(.*?) from )?("(?:[^"\\]|\\.)*");\s*$/s

/**
 * An async function body out of an ES module as esbuild prints it: imports become requires, behind the
 * module mocks, which vitest moves to the top as well.
 */
function asyncBody(path: string, { code }: { code: string }): Omit<SourceModule, 'links'> {
  const parts = {
    vitest: [] as string[],
    imports: [] as string[],
    mocks: [] as string[],
    rest: [] as string[],
  }
  for (const statement of topLevelStatements(code)) {
    const found = importLine.exec(statement)
    if (found) parts[found[2] === '"vitest"' ? 'vitest' : 'imports'].push(requireFor(found))
    else parts[isHoisted(statement) ? 'mocks' : 'rest'].push(asBodyStatement(statement))
  }
  const settle = parts.mocks.length > 0 ? [`await require("vitest").vi.settleMocks();`] : []
  const body = [...parts.vitest, ...parts.mocks, ...settle, ...parts.imports, ...parts.rest]
  return { path, form: 'async-body', code: withDynamicImports(body.join('\n')) }
}

/** Statements of a module as esbuild prints it: whatever follows is indented, or only closes a bracket. */
function topLevelStatements(code: string): string[] {
  const statements: string[] = []
  for (const line of code.split('\n')) {
    if (/^[\s})\]`]/.test(line) || line === '')
      statements.push(`${statements.pop() ?? ''}\n${line}`)
    else statements.push(line)
  }
  return statements
}

function isHoisted(statement: string): boolean {
  return (
    /^vi(?:test)?\.(?:mock|unmock|hoisted)\(/.test(statement) ||
    /^(?:const|let|var) [^=]+= (?:await )?vi(?:test)?\.hoisted\(/.test(statement)
  )
}

let imports = 0

function requireFor([, names, from]: RegExpExecArray): string {
  if (!names || from === undefined) return `require(${from ?? '""'});`
  const space = /^(?:(\w+|\$),? ?)?(?:\* as ([\w$]+)|(\{.*\}))?$/s.exec(names)
  const [, byDefault, whole, byName] = space ?? []
  const module = `__import${imports++}`
  const lines = [`const ${module} = require(${from});`]
  if (byDefault)
    lines.push(`const ${byDefault} = ${module}?.__esModule ? ${module}.default : ${module};`)
  if (whole) lines.push(`const ${whole} = ${module};`)
  if (byName) lines.push(`const ${byName.replace(/ as /g, ': ')} = ${module};`)
  return lines.join('\n')
}

function asBodyStatement(statement: string): string {
  if (statement.startsWith('export {')) return ''
  return statement.replace(/^export default /, 'exports.default = ').replace(/^export /, '')
}

function withDynamicImports(code: string): string {
  return code.replace(/\bimport\(/g, '__importMeta.import(')
}
