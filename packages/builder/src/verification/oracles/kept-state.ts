import type { Finding } from '@plumb/protocol'
import type { OracleInput } from './oracle.js'
import { ownCode } from './source-literals.js'

/** Names of the module that a run changes: what is in them depends on the runs before. */
export function keptState({ compiled, recorded }: OracleInput): Finding[] {
  const code = ownCode(compiled.code)
  const names = [
    ...code.matchAll(
      /^(?:var|let|const) (\w+)(?: = (?:\d+|true|false|null|void 0|""|\[\]|\{\}|(?:\/\* @__PURE__ \*\/ )?new (?:Map|Set)\b.*))?;$/gm,
    ),
  ].map(([, name = '']) => name)
  const changed = names.find((name) => changes(code, name))
  if (changed === undefined) return []
  return [
    {
      check: 'two-identities',
      behaviour: 'C10',
      severity: 'warn',
      message: `The function changes "${changed}" of its module, so a run depends on those before it.`,
      remedy:
        'Keep what a run needs inside of exec, and what the next one needs in the checkpoint.',
      pointer: recorded.pointer,
    },
  ]
}

/** Assigned again, counted up, or added to. */
function changes(code: string, name: string): boolean {
  const inside = code.replace(new RegExp(`^(var|let|const) ${name}\\b.*$`, 'm'), '')
  return new RegExp(
    `(?<![.\\w])${name}(\\s*(\\+\\+|--|[-+*/|&?]{0,2}=[^=>])|\\.(set|add|push|unshift|delete|clear)\\(|\\[[^\\]]+\\]\\s*=[^=])|(\\+\\+|--)${name}\\b`,
  ).test(inside)
}
