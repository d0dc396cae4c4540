/** Text that is HTML already. */
export type Html = { readonly html: string }

type Part = string | number | Html | readonly Html[]

/** A template whose inserted texts are escaped; only other templates pass as they are. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const whole = texts.map((text, index) => text + rendered(parts[index] ?? ''))
  return { html: whole.join('') }
}

/** Marks text of our own as HTML. */
export function rawHtml(text: string): Html {
  return { html: text }
}

function rendered(part: Part): string {
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escape(part)
  return 'html' in part ? part.html : part.map((one) => one.html).join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
