/** What makes a server's own clock wrong by so many days; that of its database stays right. */
export function clockOff(days: number): Record<string, string> {
  const program = `const Right = Date
const off = ${days * 24 * 3_600_000}
globalThis.Date = class extends Right {
  constructor(...given) {
    if (given.length === 0) super(Right.now() + off)
    else super(...given)
  }
  static now() {
    return Right.now() + off
  }
}`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` }
}
