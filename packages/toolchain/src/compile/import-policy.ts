import type { Plugin, PluginBuild, OnResolveArgs, OnResolveResult } from 'esbuild'
import { allowedImports } from './allowed-imports.js'

export type ImportPolicy = {
  /** False for a single text, which has no files beside it. */
  readonly relativeFiles: boolean
  /** Packages that stand in the project's node_modules and are bundled. */
  readonly installed: ReadonlySet<string>
  /** Packages that may be imported and are not installed: they fail when they are used, not when they are loaded. */
  readonly absent: ReadonlySet<string>
}

const absentNamespace = 'absent'
const ending = 'which is not allowed.'

/** True for a complaint about an import that this policy refuses. */
export function isRefusedImport(text: string): boolean {
  return text.endsWith(ending)
}

/** Makes esbuild bundle what may be bundled, leave out what the runner offers, and refuse everything else. */
export function onlyAllowedImports(policy: ImportPolicy): Plugin {
  return {
    name: 'only-allowed-imports',
    setup(build) {
      const filter = policy.relativeFiles ? /^[^.]/ : /.*/
      build.onResolve({ filter }, (imported) => resolveImport(imported, policy))
      answerAbsent(build)
    },
  }
}

function resolveImport(imported: OnResolveArgs, policy: ImportPolicy): OnResolveResult | null {
  const { path, kind, importer } = imported
  if (kind === 'entry-point') return null
  if (kind !== 'dynamic-import' && allowedImports.includes(path)) return { path, external: true }
  const name = packageNameOf(path)
  if (policy.absent.has(name)) return { path, namespace: absentNamespace }
  if (policy.installed.has(name)) return null
  if (/[\\/]node_modules[\\/]/.test(importer)) return insidePackage(path)
  const what = kind === 'dynamic-import' ? 'loads at run time' : 'imports'
  return { errors: [{ text: `The function ${what} ${JSON.stringify(path)}, ${ending}` }] }
}

/** A package may bring its own dependencies; parts of Node.js that do not exist in the runner fail when used. */
function insidePackage(path: string): OnResolveResult | null {
  const builtin =
    /^node:|^(assert|async_hooks|child_process|dns|events|fs|http|http2|https|net|os|path|process|querystring|stream|string_decoder|timers|tls|tty|util|vm|worker_threads|zlib)(\/|$)/
  return builtin.test(path) ? { path, namespace: absentNamespace } : null
}

function answerAbsent(build: PluginBuild): void {
  build.onLoad({ filter: /.*/, namespace: absentNamespace }, ({ path }) => ({
    contents: absentModule(path),
    loader: 'js',
  }))
}

/** A module whose members can be named and inherited from, and which throws once one of them is called. */
function absentModule(name: string): string {
  const message = `The package ${JSON.stringify(name)} is not available to this function. Install it in the project and compile again.`
  return `const fail = () => { throw new Error(${JSON.stringify(message)}) }
const member = () => new Proxy(function () {}, {
  get: (target, key) => key === 'prototype' ? target.prototype : key === '__esModule' || key === 'then' || typeof key === 'symbol' ? undefined : member(),
  apply: fail,
  construct: fail,
})
module.exports = member()
`
}

function packageNameOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}
