/** The target of the link with relation `rel` in a `Link` header (RFC 8288), or undefined. */
export function linkTarget(header: string | undefined, rel: string): string | undefined {
  for (const match of (header ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[^;,="]+(?:=(?:"[^"]*"|[^;,]*))?)*)/g,
  )) {
    const relations = /;\s*rel\s*=\s*"?([^";]*)"?/i.exec(match[2] ?? '')?.[1] ?? ''
    if (relations.split(/\s+/).includes(rel)) return match[1]
  }
  return undefined
}
