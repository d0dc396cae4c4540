/** What a function may import; everything else does not exist where it runs. */
export const allowedImports: readonly string[] = [
  '@plumb/sdk',
  'nango',
  'zod',
  'node:crypto',
  'node:url',
  'node:buffer',
  'crypto',
  'url',
  'buffer',
]

export const importRemedy =
  'A function may import @plumb/sdk (or nango), zod, node:crypto, node:url and node:buffer. Use the context (ctx) for everything that leaves the function.'
