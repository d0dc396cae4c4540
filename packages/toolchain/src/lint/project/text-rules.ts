import ts from 'typescript'
import type { BehaviourId } from '@plumb/protocol'
import { isReference } from '../syntax.js'
import type { LintedModule } from './linted-module.js'
import { place } from './project-rule.js'
import type { Placed, ProjectRule } from './project-rule.js'

type Absent = {
  readonly name: string
  readonly names: readonly string[]
  readonly behaviour: BehaviourId
  readonly summary: string
  readonly predicate: string
  readonly remedy: string
}

const absences: readonly Absent[] = [
  {
    name: 'no-environment',
    names: ['process', 'Deno', 'Bun', '__dirname', '__filename'],
    behaviour: 'C3',
    summary: 'A function has no process, no environment variables and no files.',
    predicate: 'does not exist where a function runs.',
    remedy:
      'Read settings with ctx.getEnvironmentVariables(), ctx.getMetadata() or ctx.getConnection().',
  },
  {
    name: 'no-own-network',
    names: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
    behaviour: 'C5',
    summary: 'A function reaches the network through its context only.',
    predicate: 'does not exist where a function runs.',
    remedy:
      'Use ctx.get, ctx.post and the other verbs; for a host without credentials ctx.uncontrolledFetch.',
  },
  {
    name: 'no-browser-globals',
    names: ['window', 'document', 'localStorage', 'sessionStorage', 'navigator', 'self'],
    behaviour: 'C4',
    summary: 'A function does not run in a browser.',
    predicate: 'does not exist where a function runs.',
    remedy: 'Keep values in local variables, the metadata of the connection or a checkpoint.',
  },
  {
    name: 'no-console',
    names: ['console'],
    behaviour: 'T1',
    summary: 'What is written to the console is not part of the log of the execution.',
    predicate: 'is not part of the log.',
    remedy: 'Use await ctx.log(message).',
  },
]

const secretForms: readonly RegExp[] = [
  /\b(sk|rk)_(live|test)_[A-Za-z0-9]{16,}/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/,
  /\bxox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{32,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
]

/** Rules on words that have no place in a function. */
export const textRules: readonly ProjectRule[] = [
  ...absences.map(absenceRule),
  {
    name: 'no-secret-literal',
    behaviour: 'H1',
    severity: 'warn',
    summary: 'A credential in the source is known to everybody who can read it.',
    remedy: 'Revoke the credential, and keep the new one in the connection; the gateway adds it.',
    inModule: (module) =>
      texts(module)
        .filter((node) => secretForms.some((form) => form.test(node.text)))
        .map((node) => ({
          module,
          node,
          message: `A text that begins with ${JSON.stringify(node.text.slice(0, 8))} looks like a credential.`,
        })),
  },
  {
    name: 'no-fixed-date',
    behaviour: 'C9',
    severity: 'warn',
    summary:
      'A function that compares with a day written into it behaves differently from that day on.',
    remedy: 'Take the day from the input, the metadata or the checkpoint.',
    inModule: (module) => [
      ...module.of(ts.SyntaxKind.NewExpression).flatMap((node) => fixedDate(node, module)),
      ...module.of(ts.SyntaxKind.CallExpression).flatMap((node) => fixedDate(node, module)),
    ],
  },
  {
    name: 'no-swallowed-error',
    behaviour: 'D5',
    severity: 'warn',
    summary: 'A failed request that is caught and dropped looks like an empty answer.',
    remedy:
      'Let the error through, or pass expectedStatus: [404] to the call and look at response.status.',
    inModule: (module) =>
      module.of(ts.SyntaxKind.CatchClause).flatMap((node) => swallowed(node, module)),
  },
]

function absenceRule(absent: Absent): ProjectRule {
  const names = new Set(absent.names)
  return {
    name: absent.name,
    behaviour: absent.behaviour,
    severity: 'warn',
    summary: absent.summary,
    remedy: absent.remedy,
    inModule: (module) =>
      module
        .of(ts.SyntaxKind.Identifier)
        .filter((node) => ts.isIdentifier(node) && names.has(node.text))
        .filter((node) => isGlobalValue(node, module))
        .map((node) => place(module, inCall(node), absent.predicate)),
  }
}

/** A use of the global; `typeof fetch` only asks whether there is one. */
function isGlobalValue(node: ts.Node, module: LintedModule): boolean {
  if (!ts.isIdentifier(node) || !isReference(node)) return false
  return module.scopes.declarationOf(node) === null && !ts.isTypeOfExpression(node.parent)
}

/** `process.env` rather than `process`, so that the message shows what is meant. */
function inCall(node: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(node.parent) ? node.parent : node
}

function texts(module: LintedModule): (ts.StringLiteral | ts.NoSubstitutionTemplateLiteral)[] {
  const { StringLiteral, NoSubstitutionTemplateLiteral } = ts.SyntaxKind
  const all = [...module.of(StringLiteral), ...module.of(NoSubstitutionTemplateLiteral)]
  return all.filter((node) => ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
}

/** `new Date('2024-01-31')`, `new Date(2024, 0)`, `Date.parse('...')`, `Date.UTC(2024, 0)`; the epoch is fine. */
function fixedDate(node: ts.Node, module: LintedModule): Placed[] {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return []
  return isDateMaker(node.expression) && isDay(node.arguments ?? [])
    ? [place(module, node, 'is a day written into the function.')]
    : []
}

/** `Date`, `Date.parse` and `Date.UTC`. */
function isDateMaker(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'Date'
  return (
    ts.isPropertyAccessExpression(callee) &&
    /^(parse|UTC)$/.test(callee.name.text) &&
    isDateMaker(callee.expression)
  )
}

function isDay([first, second]: readonly ts.Expression[]): boolean {
  if (!first) return false
  if (ts.isStringLiteralLike(first)) return /^(199|20|21)\d/.test(first.text)
  return second !== undefined && ts.isNumericLiteral(first) && Number(first.text) >= 1990
}

function swallowed(node: ts.Node, module: LintedModule): Placed[] {
  if (!ts.isCatchClause(node)) return []
  const asks = module.contextCalls().some(({ node: call, method }) => {
    const { tryBlock } = node.parent
    return method !== 'log' && call.pos >= tryBlock.pos && call.end <= tryBlock.end
  })
  if (!asks || throwsSomewhere(node.block)) return []
  return [place(module, node, 'goes on after any failure.')]
}

function throwsSomewhere(root: ts.Node): boolean {
  if (ts.isThrowStatement(root)) return true
  if (ts.isFunctionLike(root)) return false
  return ts.forEachChild(root, (child) => throwsSomewhere(child) || undefined) ?? false
}
