import { allowedImports } from '../../compile/allowed-imports.js'
import { codeFrame } from '../../compile/code-frame.js'
import type { Diagnostic } from '../../compile/diagnostic.js'
import { followImports } from './follow-imports.js'
import type { ReadFile } from './follow-imports.js'
import { followFunction } from './linted-function.js'
import { lintModule } from './lint-module.js'
import type { LintedModule } from './linted-module.js'
import { createLintCache } from './module-cache.js'
import type { LintCache } from './module-cache.js'
import type { Found, Placed, ProjectRule } from './project-rule.js'
import { projectRules } from './project-rules.js'

export type ProjectLintInput = {
  /** Absolute path of the function's file. */
  readonly file: string
  /** Text of a file, or nothing when there is none at that path. */
  readonly readFile: ReadFile
  /** Packages that the project's configuration allows beside those every function may import. */
  readonly allowedPackages?: readonly string[]
  /** Hand the same one to every function of a project, so that a file they share is read and checked once. */
  readonly parseCache?: LintCache
}

export type ProjectDiagnostic = Diagnostic & { readonly codeFrame: string }

/**
 * Checks a function of a project, and the files it imports, for defects that make it wrong whoever wrote it.
 * Diagnostics point at the file with the problem, sorted by file and place. A file that cannot be read gives none.
 */
export function lintProjectFunction(input: ProjectLintInput): ProjectDiagnostic[] {
  const text = input.readFile(input.file)
  if (typeof text !== 'string') return []
  const cache = input.parseCache ?? createLintCache()
  const entry = lintModule(input.file, text)
  const linted = followFunction(entry, followImports(input.readFile, cache.moduleOf))
  const allowed = new Set([...allowedImports, ...(input.allowedPackages ?? [])])
  const check = (module: LintedModule): Found[] =>
    applied((rule) => rule.inModule?.(module, allowed) ?? [])
  const found = [
    ...linted.modules.flatMap((module) => cache.hitsOf(module, check)),
    ...applied((rule) => rule.inFunction?.(linted) ?? []),
  ]
  return found.map(diagnostic).sort(byPlace)
}

function applied(ask: (rule: ProjectRule) => readonly Placed[]): Found[] {
  return projectRules.flatMap((rule) => ask(rule).map((hit) => ({ rule, hit })))
}

function diagnostic({ rule, hit }: Found): ProjectDiagnostic {
  const { source, path } = hit.module
  const place = source.getLineAndCharacterOfPosition(hit.node.getStart(source))
  const [line, column] = [place.line + 1, place.character + 1]
  return {
    path,
    line,
    column,
    code: rule.name,
    message: hit.message,
    remedy: rule.remedy,
    behaviour: rule.behaviour,
    severity: hit.severity ?? rule.severity,
    codeFrame: codeFrame(source.text, line, column),
  }
}

function byPlace(a: ProjectDiagnostic, b: ProjectDiagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.line - b.line || a.column - b.column
}
