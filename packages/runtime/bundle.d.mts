/** Writes `dist/runner-entry.mjs`. Throws when esbuild fails. */
export function bundle(): Promise<void>
