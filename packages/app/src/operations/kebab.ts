/** The name of a field as flags and arguments have it: `dry-run` of `dryRun`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
