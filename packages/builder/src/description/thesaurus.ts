/** Short forms that mean exactly the long one. */
export const abbreviations: Readonly<Record<string, string>> = {
  repo: 'repository',
  org: 'organization',
  organisation: 'organization',
  msg: 'message',
  pr: 'pull',
  doc: 'document',
  docs: 'document',
  cal: 'calendar',
  params: 'parameter',
  config: 'configuration',
  mail: 'email',
}

const groups = [
  'email message',
  'channel conversation room',
  'person contact user member',
  'company organization account',
  'ticket issue',
  'event meeting appointment',
  'file document attachment',
  'folder directory',
  'comment note reply',
  'thread reply conversation',
  'spreadsheet sheet',
  'row value record',
  'invoice bill',
  'customer client contact',
  'product item',
  'deal opportunity',
  'reaction emoji',
  'star favorite',
  'history message',
  'tag label',
].map((group) => group.split(' '))

/** Words that people use for one another's things: worth less than the word itself. */
export function relatedWords(word: string): string[] {
  const related = groups.filter((group) => group.includes(word)).flat()
  return [...new Set(related)].filter((other) => other !== word)
}
