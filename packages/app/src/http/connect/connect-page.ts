import type { PlumbError } from '@plumb/protocol'

/** A page without scripts, that no other page may show inside of itself and that tells no other where it was. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** An account that can be connected by following a link. */
export type Choice = { readonly displayName: string; readonly href: string }

/** What a person sees who opens the link of a session. */
export function startPage(choices: readonly Choice[]): string {
  const links = choices.map(
    ({ displayName, href }) =>
      `<p><a href="${escapeHtml(href)}">${escapeHtml(displayName)}</a></p>`,
  )
  const lines =
    choices.length > 0
      ? ['Choose the account that you want to connect.']
      : ['Nothing can be connected by this link alone.', fromProduct]
  return page('Connect an account', lines, links)
}

const fromProduct = 'Go back to the product that sent you here, and connect the account there.'

/** What a person sees after an account was connected. */
export function connectedPage(displayName: string): string {
  return page('Connected', [
    `Your ${displayName} account is connected.`,
    'You can close this window.',
  ])
}

/** What a person sees when it was not. */
export function failedPage({ message, remedy }: Pick<PlumbError, 'message' | 'remedy'>): string {
  return page('Not connected', [message, remedy])
}

function page(title: string, lines: readonly string[], links: readonly string[] = []): string {
  const texts = lines.map((line) => `<p>${escapeHtml(line)}</p>`)
  const paragraphs = [...texts, ...links].join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${paragraphs}
</main>
</body>
</html>
`
}

/** Text as HTML shows it, also inside of an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
