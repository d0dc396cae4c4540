import { settings } from './settings.js'
import type { Setting } from './settings.js'

/** docs/configuration.md. */
export function settingsReference(): string {
  return `# Configuration

A flag of \`plumb serve\` wins over a variable, a variable over \`settings\` of \`plumb.config.ts\`, that over the
default. An empty variable counts as not set. \`plumb config\` shows what holds here and where it comes from; a value
that cannot be used is refused with its place.

| setting | variable | flag | in plumb.config.ts | default | what it is |
| --- | --- | --- | --- | --- | --- |
${Object.entries(settings).map(rowOf).join('\n')}

\`\`\`ts
export default {
  settings: { logRetentionDays: 30, publicUrl: 'https://plumb.example.com' },
}
\`\`\`

The file is read, not run: it may hold literals only. Secrets and what finds the data come from variables alone.
Servers of one database share work, and each keeps to its own settings: give all of them the same ones, unless their
machines differ.

## Variables of functions

Functions read what \`plumb variables set NAME\` stores for their environment (encrypted), and each
\`PLUMB_FN_NAME\` of the server's own environment as \`NAME\`; a stored one wins.
`
}

function rowOf([name, one]: [string, Setting]): string {
  const cells = [
    ...[`\`${name}\``, `\`${one.variable}\``, one.flag === undefined ? '' : `\`${one.flag}\``],
    ...[one.file ? 'yes' : '', one.default === null ? '' : `\`${String(one.default)}\``],
    `${one.description}${one.secret === true ? ' Secret.' : ''}`,
  ]
  return `| ${cells.join(' | ')} |`
}
