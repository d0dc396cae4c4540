import type { ShellCommand } from '../../reading/shell-commands.js'

const optionWithValue = /^(-t|--target-directory|-s|--suffix|--reference)$/

/** Files that a simple command means to create, change or remove; best effort, for judging intent only. */
export function writtenFiles(command: ShellCommand): string[] {
  const [program = '', ...args] = withoutPrefix(command.words)
  const writer = writers[program.replace(/^.*\//, '')]
  return [...command.writesTo, ...(writer?.(args) ?? [])]
}

/** `env A=b sudo sed` is `sed`. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^(\w+=.*|env|sudo|command|exec|nohup|time)$/.test(word))
  return first === -1 ? [] : words.slice(first)
}

type Writer = (args: readonly string[]) => readonly string[]

const operands: Writer = (args) =>
  args.filter((arg, index) => !arg.startsWith('-') && !optionWithValue.test(args[index - 1] ?? ''))
const lastOperand: Writer = (args) => operands(args).slice(-1)
const inPlace: Writer = (args) =>
  args.some((arg) => /^(-[a-zA-Z]*i|--in-place)/.test(arg)) ? operands(args).slice(-1) : []

const writers: Readonly<Record<string, Writer>> = {
  tee: operands,
  rm: operands,
  truncate: operands,
  touch: operands,
  chmod: (args) => operands(args).slice(1),
  mv: operands,
  cp: lastOperand,
  ln: lastOperand,
  install: lastOperand,
  sed: inPlace,
  perl: inPlace,
  ed: lastOperand,
  patch: operands,
  dd: (args) => args.filter((arg) => arg.startsWith('of=')).map((arg) => arg.slice(3)),
  python: oneLinerWrites,
  python3: oneLinerWrites,
  node: oneLinerWrites,
  ruby: oneLinerWrites,
}

const scriptWriter =
  /['"][rwab+]*[wax+][rwab+]*['"]\s*[),]|write_?text|writeFile|appendFile|createWriteStream|\.write\(|rename|unlink|remove\(|copyFile/i

/** One-line programs. */
function oneLinerWrites(args: readonly string[]): readonly string[] {
  const script = args.find((_, index) => /^(-c|-e|-p|--eval)$/.test(args[index - 1] ?? ''))
  return script === undefined ? [] : scriptWrites(script)
}

/** The paths that a program's text quotes, when it holds something that writes. */
export function scriptWrites(script: string): readonly string[] {
  if (!scriptWriter.test(script)) return []
  const quoted = [...script.matchAll(/(['"`])([^'"`\n]*)\1/g)].map(([, , path = '']) => path)
  return quoted.filter((path) => /[./]/.test(path))
}
