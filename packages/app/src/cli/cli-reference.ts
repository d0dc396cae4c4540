import type { Operation } from '../operations/operation.js'
import { argumentsOf, optionsOf, usageOf } from './operation-options.js'

/** The page that describes every command: `docs/cli.md`. */
export function cliReference(operations: readonly Operation[]): string {
  return [head, ...operations.map(section)].join('\n')
}

const head = `# Commands

Made from the table of operations; \`npx vitest run packages/app/src/cli -u\` writes it anew.

Every command has \`--json\`, which prints one JSON value on standard output, also for errors:
\`{ "error": { "code", "message", "remedy", "docs" } }\`. Progress goes to standard error. Two commands ask, and
only at a terminal: \`plumb deploy\` for a yes, \`plumb variables set\` for a value. What is missing elsewhere is an error
that says what to give.

Exit codes of every command, where its section says nothing else:

- \`0\`: it worked, and the answer is yes.
- \`1\`: it failed, or the answer is no.
- \`2\`: a build ended, and not everything was accepted.
- \`64\`: wrong usage.
- \`130\`: it was cancelled.
`

function section(operation: Operation): string {
  const { name, summary, examples, exits = {} } = operation
  const given = [
    ...argumentsOf(operation).map((one) => item(one.name, one.description)),
    ...optionsOf(operation)
      .filter(({ flag }) => flag !== '--json')
      .map(({ flag, takesValue, description }) =>
        item(takesValue ? `${flag} <value>` : flag, description),
      ),
  ]
  const codes = Object.entries(exits).map(([code, meaning]) => item(`exit ${code}`, meaning))
  const list = [...given, ...codes].join('\n')
  return [
    `## plumb ${name}\n`,
    `${summary}.\n`,
    `\`\`\`sh\n${usageOf(operation)}\n\`\`\`\n`,
    ...(list === '' ? [] : [`${list}\n`]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`,
  ].join('\n')
}

function item(name: string, description: string): string {
  return `- \`${name}\`: ${escaped(description)}`
}

/** Nothing is markup outside of code, and nothing is escaped in it. */
function escaped(text: string): string {
  return text.replace(/`[^`]*`|[*_<]/g, (found) => (found.length > 1 ? found : `\\${found}`))
}
