/**
 * The operations that the words of a command line may call, or ask the help of; everything else need not be loaded. A
 * command that has others below it is loaded with them: its options may stand before their names.
 */
export function calledOperations(
  words: readonly string[],
  names: readonly string[],
): readonly string[] {
  const named = words.filter((word) => !word.startsWith('-') && word !== 'help')
  const [first = '', second = ''] = named
  const isCommand = names.includes(first)
  return names.filter((name) =>
    isCommand ? name.split(' ')[0] === first : name === `${first} ${second}`,
  )
}
