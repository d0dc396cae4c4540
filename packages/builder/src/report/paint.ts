export type Paint = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>
>

/** ANSI colours, or the text as it is. */
export function paint(color: boolean): Paint {
  const by = (code: number) => (text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { bold: by(1), dim: by(2), red: by(31), green: by(32), yellow: by(33) }
}
