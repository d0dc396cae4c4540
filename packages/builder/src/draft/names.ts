import { wordsOf } from '../description/words.js'

/** Compares names whatever their case and separators. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

const reservedWords = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async implements interface package private protected public arguments eval undefined'.split(
    ' ',
  ),
)

export const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name)

/** A key of an object literal. */
export function keyText(name: string): string {
  return isIdentifier(name) ? name : quote(name)
}

/** A member of a value: `.name` or `['odd-name']`. */
export function memberText(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${quote(name)}]`
}

/** A member of an object literal, in short form where the value has the same name. */
export function entryText(name: string, text: string): string {
  return name === text ? `${name},` : `${keyText(name)}: ${text},`
}

/** A string literal in single quotes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  if (text.includes("'") && !text.includes('"')) return escaped
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Text inside a template literal. */
export function templateText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
}

function parts(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
}

const capital = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1)

/** A type or schema name: `pull_requests` gives `PullRequests`. */
export function pascalCase(text: string): string {
  const name = parts(text).map(capital).join('')
  return /^[A-Z]/.test(name) ? name : `Model${name}`
}

/** A variable name that is no reserved word. */
export function camelCase(text: string): string {
  const name = pascalCase(text)
  const camel = name.charAt(0).toLowerCase() + name.slice(1)
  return reservedWords.has(camel) ? `${camel}Value` : camel
}

/** Names of variables that the drafts use themselves. */
const takenVariables = new Set(
  'ctx input response params answer items next start page parents callStatus parentStatus checkpoint metadata startedAt gone present'.split(
    ' ',
  ),
)

/** The variable for a value of a model. */
export function variableName(model: string): string {
  const name = camelCase(model)
  return takenVariables.has(name) || takenVariables.has(pluralOf(name)) ? `${name}Record` : name
}

/** The name of an input member: the API's own where it can be one. */
export function inputName(name: string): string {
  return isIdentifier(name) && name !== 'constructor' ? name : camelCase(name)
}

/** The singular name of what a collection holds, as a type name: `calendarList` gives `Calendar`. */
export function modelName(collection: string): string {
  const words = wordsOf(collection).filter((word) => word !== 'list')
  const name = pascalCase((words.length > 0 ? words : ['item']).join(' '))
  return takenNames.has(name) ? `${name}Record` : name
}

/** Names that the drafts use themselves. */
const takenNames = new Set(
  'Object Array String Number Boolean Date URL URLSearchParams JSON Math Promise Input Output Checkpoint Metadata CallStatus Answer'.split(
    ' ',
  ),
)

/** The name of several things of a kind. */
export function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`
}
